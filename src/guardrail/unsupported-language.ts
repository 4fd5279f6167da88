// A guardrail's «I can't read this language». Law: it is said by the verdict's reason, and what it leads to is the policy's to say
// (`on_unsupported_language`): nothing, a judge's look, or a block.
import type { Policy } from "../policy/policy.ts";
import type { Verdict } from "./verdict.ts";

export const UNSUPPORTED_LANGUAGE = "unsupported_language";

export function isUnsupported({ status, reason }: Verdict): boolean {
  return status === "skipped" && reason === UNSUPPORTED_LANGUAGE;
}

/** Whether judges that are asked only in doubt must be asked because of these verdicts. */
export function escalates(policy: Policy, verdicts: readonly Verdict[]): boolean {
  return policy.on_unsupported_language === "escalate" && verdicts.some(isUnsupported);
}
