// The band of scores in which the edge classifier is not sure. Law: it reaches from here to the threshold; who can tell more is asked.
import type { Policy } from "../../policy/policy.ts";
import type { Side } from "../verdict.ts";
import { UNCERTAIN_FROM } from "./weights.ts";

/** null: no score is uncertain. «shipped» is the shipped weights' also while published ones are in use: both are calibrated. */
export function uncertainFrom({ classifier }: Pick<Policy, "classifier">, side: Side): number | null {
  const asked = side === "input" ? classifier.input_uncertain_from : classifier.output_uncertain_from;
  return asked === "shipped" ? UNCERTAIN_FROM[side] : asked;
}
