// An overrule: a reviewer's word that something was withheld wrongly, and the exception that this makes for a while.
// Law: what it allows never changes; it ends at its time, or is reverted once.
import type { Allowance } from "./allowance-schema.ts";

/**
 * `exchange`: this prompt, for the guardrails and categories that flagged it. `phrase`: the words that were flagged, wherever
 * they stand, for their rule. `rule`: the whole rule.
 */
export const OVERRULE_SCOPES = ["exchange", "phrase", "rule"] as const;
export type OverruleScope = (typeof OVERRULE_SCOPES)[number];

export interface Overrule {
  /** `ovr_…`; also the id of each of its allowances, which verdicts name */
  readonly id: string;
  readonly projectId: string;
  /** the mistake or attack that was overruled */
  readonly subjectId: string;
  readonly scope: OverruleScope;
  readonly allowances: readonly Allowance[];
  readonly comment: string;
  /** the state that the mistake was in; null for an attack */
  readonly subjectState: "captured" | "analysed" | "confirmed" | "dismissed" | "released" | null;
  /** the over-refusal that was recorded of it; null where nothing had been withheld */
  readonly mistakeId: string | null;
  /** who made it */
  readonly keyId: string;
  readonly createdAt: number;
  /** milliseconds since the Unix epoch */
  readonly expiresAt: number;
  readonly revertedAt: number | null;
  readonly revertedBy: string | null;
}
