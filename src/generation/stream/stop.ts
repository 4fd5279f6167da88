// Why a choice of a stream can't go on.
import type { Verdict } from "../../guardrail/verdict.ts";
import type { Action } from "../../policy/policy.ts";

export interface Stop {
  readonly action: Extract<Action, "repair" | "block"> | "unavailable";
  readonly verdicts: readonly Verdict[];
}
