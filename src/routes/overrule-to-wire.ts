// Overrules as the wire shows them.
import type { Overruled } from "../induction/overrule/overrule-flagged.ts";
import type { Overrule } from "../policy/overrule.ts";
import type { OverruledWire, OverruleWire } from "../wire/overrule.ts";
import { seconds } from "../wire/seconds.ts";

export function overruleToWire(overrule: Overrule, now: number): OverruleWire {
  const { revertedAt, expiresAt } = overrule;
  return {
    id: overrule.id,
    object: "overrule",
    subject_id: overrule.subjectId,
    scope: overrule.scope,
    allowances: overrule.allowances.map((allowance) => ({ ...allowance })),
    comment: overrule.comment,
    active: revertedAt === null && now < expiresAt,
    mistake_id: overrule.mistakeId,
    key_id: overrule.keyId,
    created_at: seconds(overrule.createdAt),
    expires_at: seconds(expiresAt),
    reverted_at: revertedAt === null ? null : seconds(revertedAt),
    reverted_by: overrule.revertedBy,
  };
}

export function overruledToWire(
  { overrule, reach, recorded }: Overruled,
  isDryRun: boolean,
  now: number,
): OverruledWire {
  return {
    ...overruleToWire(overrule, now),
    active: !isDryRun,
    dry_run: isDryRun,
    reach: { ...reach, ids: [...reach.ids] },
    correction: recorded?.correction ?? null,
  };
}
