// Whether a judge is asked: from its keys, what the edge classifier's score says, and a number drawn by chance.
// Law: pure; what no score tells is uncertain; a judge that is not asked is `skipped` with the reason, never a pass.
import type { JudgeKeys } from "../policy/judge-policy.ts";
import { EDGE_CLASSIFIER_ID } from "./edge-classifier/classifier-version.ts";
import type { Side, Verdict } from "./verdict.ts";

/** Where a side stands by its score. `unknown`: there is none, since the classifier failed or can't read the language. */
export type Standing = "certain" | "uncertain" | "unknown" | "no_band";

const REASONS = ["already_decided", "certain", "no_band", "not_sampled"] as const;
export type NotAsked = (typeof REASONS)[number];

export type Escalation = { readonly run: true } | { readonly run: false; readonly reason: NotAsked };

const RUN: Escalation = { run: true };

/** @param from where the band begins; null: there is none */
export function standingOf(from: number | null, verdicts: readonly Verdict[], side: Side): Standing {
  if (from === null) return "no_band";
  const classified = verdicts.find((verdict) => verdict.guardrail === EDGE_CLASSIFIER_ID && verdict.side === side);
  const score = classified?.score ?? null;
  if (score === null) return "unknown";
  return score < from ? "certain" : "uncertain";
}

export interface EscalationCase {
  readonly judge: Pick<JudgeKeys, "run" | "sample">;
  readonly standing: Standing;
  /** the fast guardrails withhold the text already */
  readonly isDecided: boolean;
  /** in [0, 1) */
  readonly draw: number;
}

/**
 * | decided | run       | drawn | standing           |                           |
 * |---------|-----------|-------|--------------------|---------------------------|
 * | yes     |           |       |                    | skipped: already_decided  |
 * | no      | always    |       |                    | run                       |
 * | no      |           | yes   |                    | run                       |
 * | no      | sampled   | no    |                    | skipped: not_sampled      |
 * | no      | uncertain | no    | uncertain, unknown | run                       |
 * | no      | uncertain | no    | certain, no_band   | skipped: certain, no_band |
 */
export function escalation({ judge, standing, isDecided, draw }: EscalationCase): Escalation {
  if (isDecided) return { run: false, reason: "already_decided" };
  if (judge.run === "always" || draw < judge.sample) return RUN;
  if (judge.run === "sampled") return { run: false, reason: "not_sampled" };
  return standing === "certain" || standing === "no_band" ? { run: false, reason: standing } : RUN;
}

/** Whether the policy itself wanted a judge not to be asked: nothing that a client must be told. */
export function isNotAsked({ status, reason }: Verdict): boolean {
  const reasons: readonly (string | null)[] = REASONS;
  return status === "skipped" && reasons.includes(reason);
}
