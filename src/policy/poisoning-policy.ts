// What of a policy keeps poison out of training: caps, bursts and trusted sources. Law: nothing here loses a mistake; what goes
// beyond waits in quarantine for a person.
import { z } from "zod";

/** null: no limit */
const limit = z.int().min(1).max(10_000_000).nullable();
const trust = z.enum(["trusted", "quarantine"]);

export const poisoningPolicySchema = z.strictObject({
  /** mistakes a day (UTC), recurrences included; those beyond are quarantined */
  caps: z.strictObject({ key: limit, end_user: limit, cluster: limit }),
  /** mistakes within so many minutes, counted from the full hour or day; those beyond are quarantined */
  burst: z.strictObject({ minutes: z.int().min(1).max(1_440), key: limit, cluster: limit }),
  /** whether mistakes of this source may be confirmed without a person's look at each */
  trust: z.strictObject({ production: trust, feedback: trust, induction: trust, import: trust }),
});

export type PoisoningPolicy = z.infer<typeof poisoningPolicySchema>;

/** Far above what a deployed model gets wrong, and below what a flood needs. */
export const DEFAULT_POISONING_POLICY: PoisoningPolicy = {
  caps: { key: 10_000, end_user: 200, cluster: 200 },
  burst: { minutes: 10, key: 2_000, cluster: 100 },
  trust: { production: "trusted", feedback: "trusted", induction: "trusted", import: "trusted" },
};
