// The edge classifier among verdicts. Law: it is known by its id, and a verdict says itself which weights gave it.
import type { Verdict } from "../verdict.ts";

export const EDGE_CLASSIFIER_ID = "edge-classifier";

/** null where it had no part */
export function classifierVersion(verdicts: readonly Verdict[]): string | null {
  return verdicts.find(({ guardrail }) => guardrail === EDGE_CLASSIFIER_ID)?.version ?? null;
}
