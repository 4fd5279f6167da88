// What was used and what came of it, summed by minute. Law: tokens, calls and micro-dollars are whole numbers that only grow.
import type { TrialCount } from "./trial.ts";

export const USAGE_PURPOSES = ["completion", "judge", "repair", "guidance", "analysis", "induction"] as const;
export type UsagePurpose = (typeof USAGE_PURPOSES)[number];

export const OUTCOMES = [
  "request",
  "input_blocked",
  "answer_blocked",
  "answer_redacted",
  "answer_annotated",
  "answer_repaired",
  "guardrail_error",
  "upstream_error",
  "rate_limited",
  "budget_exceeded",
  "limits_unavailable",
  // Every request that its isolate lived to end; what is missing to "request" was cut off, or is under way.
  "request_ended",
  "capture_lost",
] as const;
export type Outcome = (typeof OUTCOMES)[number];

/** Who caused it. */
export interface UsageOwner {
  readonly projectId: string;
  readonly keyId: string;
}

/** One call of a model. */
export interface Usage extends UsageOwner {
  readonly purpose: UsagePurpose;
  readonly model: string;
  readonly promptTokens: number;
  readonly completionTokens: number;
}

export interface CountedOutcome extends UsageOwner {
  readonly outcome: Outcome;
}

/** `minute` is minutes since the Unix epoch. */
export interface UsageMinute extends Usage {
  readonly minute: number;
  readonly calls: number;
  readonly microDollars: number;
}

export interface OutcomeMinute extends CountedOutcome {
  readonly minute: number;
  readonly count: number;
}

/** What one isolate has counted since its last flush. Its id makes a second delivery harmless. */
export interface UsageBatch {
  readonly id: string;
  readonly usage: readonly UsageMinute[];
  readonly outcomes: readonly OutcomeMinute[];
  /** left out where nothing is on trial */
  readonly trials?: readonly TrialCount[] | undefined;
}

/** Tokens and money together: what budgets are about. */
export interface Spent {
  readonly tokens: number;
  readonly microDollars: number;
}

export const NOTHING_SPENT: Spent = { tokens: 0, microDollars: 0 };

export function addSpent(left: Spent, right: Spent): Spent {
  return { tokens: left.tokens + right.tokens, microDollars: left.microDollars + right.microDollars };
}
