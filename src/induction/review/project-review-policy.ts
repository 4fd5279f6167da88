// The policy that a project's reviews go by. Law: the project's own; a key with a policy of its own reviews by the same rules, and no
// header and no overrule has a part in them.
import { NO_KEY } from "../../access/key.ts";
import type { CompiledPolicy } from "../../guardrail/compiled-policy.ts";
import type { StoredPolicyDirectory } from "../../guardrail/stored-policy-directory.ts";
import { ok, type Result } from "../../lib/result.ts";
import type { Problem } from "../../problem.ts";

type ReviewedBy = Pick<CompiledPolicy, "policy" | "guardrails">;

export interface ProjectPolicyDependencies {
  readonly policyDirectory: Pick<StoredPolicyDirectory, "forKey">;
  /** the gateway's default policy */
  readonly completion: ReviewedBy;
}

export async function projectPolicy(
  { policyDirectory, completion }: ProjectPolicyDependencies,
  projectId: string,
): Promise<Result<ReviewedBy, Problem>> {
  const chosen = await policyDirectory.forKey(projectId, NO_KEY);
  return chosen.ok ? ok(chosen.value.own ?? completion) : chosen;
}
