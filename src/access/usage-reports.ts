// Port: sums of the minute rollups, grouped as an operator asks. Law: one project, and no more groups than the limit.
import type { USAGE_GROUPS } from "../wire/usage.ts";
import type { Outcome, UsagePurpose } from "./usage.ts";

export type UsageGroup = (typeof USAGE_GROUPS)[number];

export interface UsageQuery {
  readonly projectId: string;
  /** minutes since the Unix epoch, [from, to) */
  readonly fromMinute: number;
  readonly toMinute: number;
  readonly groupBy: readonly UsageGroup[];
  readonly limit: number;
}

/** What the query grouped by; the rest is left out. `minute` is where the minute, hour or day begins. */
export interface UsageGroupKey {
  readonly keyId?: string;
  readonly minute?: number;
}

export interface UsageSum extends UsageGroupKey {
  readonly purpose?: UsagePurpose;
  readonly model?: string;
  readonly calls: number;
  readonly promptTokens: number;
  readonly completionTokens: number;
  readonly microDollars: number;
}

/** Outcomes have no purpose and no model. */
export interface OutcomeSum extends UsageGroupKey {
  readonly outcome: Outcome;
  readonly count: number;
}

export interface UsageReports {
  /** In the order of what it is grouped by; `minute`, `hour` or `day` first. */
  sumUsage(query: UsageQuery): Promise<readonly UsageSum[]>;
  sumOutcomes(query: UsageQuery): Promise<readonly OutcomeSum[]>;
}
