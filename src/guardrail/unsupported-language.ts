// A guardrail's «I can't read this language». Law: it is said by the verdict's reason, and what it leads to is the policy's to say
// (`on_unsupported_language`): nothing, a judge's look, or a block.
import type { Policy } from "../policy/policy.ts";
import type { Side, Verdict } from "./verdict.ts";

export const UNSUPPORTED_LANGUAGE = "unsupported_language";

export function isUnsupported({ status, reason }: Verdict): boolean {
  return status === "skipped" && reason === UNSUPPORTED_LANGUAGE;
}

/** Whether the judges of this side must be asked because of these verdicts. */
export function escalates(
  { on_unsupported_language: choice }: Pick<Policy, "on_unsupported_language">,
  verdicts: readonly Verdict[],
  side: Side,
): boolean {
  return choice === "escalate" && verdicts.some((verdict) => verdict.side === side && isUnsupported(verdict));
}
