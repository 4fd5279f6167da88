// All that the edge guardrail reads: weights, thresholds, and the heads of the categories, of one version.
// Law: what is shipped is always there, whatever else may be loaded.
import { createCategoryReader, type ReadCategories } from "./category-heads.ts";
import { createEdgeClassifier, type EdgeClassifier } from "./edge-classifier.ts";
import type { EdgeThresholds, EdgeWeights } from "./edge-weights.ts";
import { THRESHOLDS, UNCERTAIN_FROM, WEIGHTS } from "./weights.ts";

/** What is trained, and what is published. */
export interface EdgeRelease {
  readonly weights: EdgeWeights;
  readonly thresholds: EdgeThresholds;
  /** from here on, and below the threshold, a judge is asked */
  readonly uncertainFrom: EdgeThresholds;
}

export interface EdgeModel {
  readonly weights: EdgeWeights;
  readonly classifier: EdgeClassifier;
  readonly readCategories: ReadCategories;
  readonly thresholds: EdgeThresholds;
  readonly uncertainFrom: EdgeThresholds;
}

/** Throws where the tables do not have the size that is told. */
export function createEdgeModel({ weights, thresholds, uncertainFrom }: EdgeRelease): EdgeModel {
  const readCategories = createCategoryReader(weights.categories);
  return { weights, classifier: createEdgeClassifier(weights), readCategories, thresholds, uncertainFrom };
}

export const SHIPPED_RELEASE: EdgeRelease = {
  weights: WEIGHTS,
  thresholds: THRESHOLDS,
  uncertainFrom: UNCERTAIN_FROM,
};

let shipped: EdgeModel | null = null;

/** Read once an isolate: the weights never change. */
export function shippedEdgeModel(): EdgeModel {
  shipped ??= createEdgeModel(SHIPPED_RELEASE);
  return shipped;
}
