// The findings that an overrule is about. Law: what the policy lets pass anyway is no reason to allow anything.
import { actionFor, letsPass } from "../../guardrail/decide.ts";
import type { Finding } from "../../guardrail/verdict.ts";
import type { FlaggedExchange } from "../../mistake/flagged-exchange.ts";
import type { Policy } from "../../policy/policy.ts";

export interface GuardrailFinding {
  readonly guardrail: string;
  readonly finding: Finding;
}

/** Of the side that was acted on: those that withhold under the policy; where none does, all. */
export function withheldFindings(
  { verdicts, side }: FlaggedExchange,
  policy: Pick<Policy, "actions">,
): readonly GuardrailFinding[] {
  const flagged = verdicts.flatMap((verdict) =>
    verdict.side === side && verdict.status === "flag"
      ? verdict.findings.map((finding) => ({ guardrail: verdict.guardrail, finding }))
      : [],
  );
  const withheld = flagged.filter(({ finding }) => !letsPass(actionFor(policy, side, finding.category)));
  return withheld.length > 0 ? withheld : flagged;
}
