// The band of scores in which the edge classifier is not sure. Law: it reaches from here to the threshold; who can tell more is asked;
// «shipped» means that of the weights in use, as it does for thresholds.
import type { Policy } from "../../policy/policy.ts";
import type { FastGuardrail } from "../guardrail.ts";
import type { Side } from "../verdict.ts";
import { UNCERTAIN_FROM } from "./weights.ts";

/**
 * null: no score is uncertain
 * @param fast among them the classifier, which knows its weights; without it the shipped ones count
 */
export function uncertainFrom(
  { classifier }: Pick<Policy, "classifier">,
  side: Side,
  fast: readonly Pick<FastGuardrail, "uncertainFrom">[],
): number | null {
  const asked = side === "input" ? classifier.input_uncertain_from : classifier.output_uncertain_from;
  if (asked !== "shipped") return asked;
  const own = fast.find((guardrail) => guardrail.uncertainFrom !== undefined)?.uncertainFrom?.();
  return (own ?? UNCERTAIN_FROM)[side];
}
