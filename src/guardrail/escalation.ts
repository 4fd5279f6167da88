// Whether a judge is asked: from its keys, what the edge classifier's score says, and a number drawn by chance.
// Law: pure; what no score tells is uncertain; a judge that is not asked is `skipped` with the reason, never a pass.
import type { JudgeKeys } from "../policy/judge-policy.ts";
import type { Policy } from "../policy/policy.ts";
import { EDGE_CLASSIFIER_ID } from "./edge-classifier/classifier-version.ts";
import { uncertainFrom } from "./edge-classifier/escalation-band.ts";
import type { FastGuardrail } from "./guardrail.ts";
import { escalates } from "./unsupported-language.ts";
import type { Side, Verdict } from "./verdict.ts";

/**
 * Where a side stands by its score. `unknown`: there is none, since the classifier failed or can't read the language. `unread`: it can't,
 * and the policy has the judges read what it can't.
 */
export type Standing = "certain" | "uncertain" | "unknown" | "unread" | "no_band";

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

/** @param fast whose verdicts are among these */
export function standingUnder(
  policy: Pick<Policy, "classifier" | "on_unsupported_language">,
  fast: readonly Pick<FastGuardrail, "uncertainFrom">[],
  verdicts: readonly Verdict[],
  side: Side,
): Standing {
  if (escalates(policy, verdicts, side)) return "unread";
  return standingOf(uncertainFrom(policy, side, fast), verdicts, side);
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
 * | no      |           |       | unread             | run                       |
 * | no      |           | yes   |                    | run                       |
 * | no      | sampled   | no    |                    | skipped: not_sampled      |
 * | no      | uncertain | no    | uncertain, unknown | run                       |
 * | no      | uncertain | no    | certain, no_band   | skipped: certain, no_band |
 */
export function escalation({ judge, standing, isDecided, draw }: EscalationCase): Escalation {
  if (isDecided) return { run: false, reason: "already_decided" };
  if (judge.run === "always" || standing === "unread" || draw < judge.sample) return RUN;
  if (judge.run === "sampled") return { run: false, reason: "not_sampled" };
  return standing === "certain" || standing === "no_band" ? { run: false, reason: standing } : RUN;
}

/** Whether the policy itself wanted a judge not to be asked: nothing that a client must be told. */
export function isNotAsked({ status, reason }: Verdict): boolean {
  const reasons: readonly (string | null)[] = REASONS;
  return status === "skipped" && reasons.includes(reason);
}
