// A stored policy as the wire shows it, with who goes by it.
import type { PolicyChoices, StoredPolicy } from "../policy/policy-store.ts";
import type { PolicyWire } from "../wire/policy.ts";
import { seconds } from "../wire/seconds.ts";

export function policyToWire(stored: StoredPolicy, { forProject, forKeys }: PolicyChoices): PolicyWire {
  return {
    id: stored.id,
    object: "policy",
    project_id: stored.projectId,
    name: stored.name,
    version: stored.version,
    given: { ...stored.given },
    policy: { ...stored.resolved },
    active: forProject === stored.id,
    active_key_ids: [...forKeys].flatMap(([keyId, policyId]) => (policyId === stored.id ? [keyId] : [])),
    key_id: stored.keyId,
    created_at: seconds(stored.createdAt),
  };
}
