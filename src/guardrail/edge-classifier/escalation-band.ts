// The band of scores in which the edge classifier is not sure. Law: it reaches from here to the threshold; who can tell more is asked.
import type { Policy } from "../../policy/policy.ts";
import type { Side } from "../verdict.ts";
import type { EdgeThresholds } from "./edge-weights.ts";

export const EDGE_CLASSIFIER_ID = "edge-classifier";

/**
 * Chosen by hand for the shipped weights until calibration writes them beside its thresholds (docs/decisions/cascade.md): the share
 * of benign exchanges that lies above.
 */
export const UNCERTAIN_FROM: EdgeThresholds = { input: 0.5, output: 0.5 };

/** null: no score is uncertain */
export function uncertainFrom({ classifier }: Pick<Policy, "classifier">, side: Side): number | null {
  const asked = side === "input" ? classifier.input_uncertain_from : classifier.output_uncertain_from;
  return asked === "shipped" ? UNCERTAIN_FROM[side] : asked;
}
