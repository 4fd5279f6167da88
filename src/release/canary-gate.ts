// The gate of a canary, as data: what a candidate must show to be promoted. Law: pure; proven harm ends a canary before anything else,
// and what nobody could prove in time is rolled back.
import { z } from "zod";
import type { TrialArm, TrialOutcome } from "../access/trial.ts";
import { differenceOfShares, type Difference } from "../lib/difference-of-shares.ts";
import { DAY_MILLISECONDS } from "../lib/utc-day.ts";

export const GATED = ["flagged", "refused", "error"] as const;
export type Gated = (typeof GATED)[number];

const margin = z.number().min(0.001).max(0.5);

export const canaryGateSchema = z.strictObject({
  /** of each arm, before a promotion; a rollback waits for nothing */
  least_requests: z.int().min(20).max(10_000_000).default(200),
  /** after so many days without a decision: rolled back */
  most_days: z.number().min(0.01).max(90).default(14),
  /** of all three intervals together, however often they are looked at */
  confidence: z.number().min(0.5).max(0.999).default(0.95),
  /** by how much of a share, 0.01 being one request in a hundred, the candidate may be worse */
  margins: z
    .strictObject({ flagged: margin.default(0.02), refused: margin.default(0.03), error: margin.default(0.02) })
    .prefault({}),
  /** which of them must be proven better; null: none */
  must_improve: z.enum(GATED).nullable().default(null),
});

export type CanaryGate = z.output<typeof canaryGateSchema>;

export const DEFAULT_GATE: CanaryGate = canaryGateSchema.parse({});

export type TrialCounts = Readonly<Record<TrialArm, Readonly<Record<TrialOutcome, number>>>>;

export const NO_TRIALS: TrialCounts = {
  incumbent: { request: 0, flagged: 0, refused: 0, error: 0 },
  candidate: { request: 0, flagged: 0, refused: 0, error: 0 },
};

export interface CanaryJudgement {
  readonly decision: "continue" | "promote" | "roll_back";
  readonly reason: string;
  /** of the candidate's share less the incumbent's: above 0 is worse */
  readonly differences: Readonly<Record<Gated, Difference>>;
}

export function judgeCanary(counts: TrialCounts, gate: CanaryGate, elapsedMilliseconds: number): CanaryJudgement {
  const alpha = (1 - gate.confidence) / GATED.length;
  const { incumbent, candidate } = counts;
  const differenceOf = (outcome: Gated): Difference =>
    differenceOfShares(
      // An answer has one of each at most; what its isolate did not live to count as a request is not more than all.
      { count: Math.min(candidate[outcome], candidate.request), total: candidate.request },
      { count: Math.min(incumbent[outcome], incumbent.request), total: incumbent.request },
      alpha,
    );
  const differences = {
    flagged: differenceOf("flagged"),
    refused: differenceOf("refused"),
    error: differenceOf("error"),
  };
  const decide = (decision: CanaryJudgement["decision"], reason: string): CanaryJudgement => ({
    decision,
    reason,
    differences,
  });
  const worse = GATED.find((outcome) => differences[outcome].low > gate.margins[outcome]);
  if (worse !== undefined) return decide("roll_back", `worse: ${worse}`);
  if (elapsedMilliseconds > gate.most_days * DAY_MILLISECONDS) return decide("roll_back", "undecided");
  const fewest = Math.min(candidate.request, incumbent.request);
  if (fewest < gate.least_requests) return decide("continue", "too few requests");
  const open = GATED.find((outcome) => differences[outcome].high >= gate.margins[outcome]);
  if (open !== undefined) return decide("continue", `not yet shown: ${open}`);
  const { must_improve: wanted } = gate;
  if (wanted !== null && differences[wanted].high >= 0) return decide("continue", `no improvement yet: ${wanted}`);
  return decide("promote", "no worse within its margins");
}
