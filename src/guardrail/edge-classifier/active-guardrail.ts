// The edge classifier as a guardrail whose weights may be exchanged while it runs.
// Law: one verdict is of one model; an answer that is followed is followed by the model it began with.
import type { FastGuardrail } from "../guardrail.ts";
import { type CategoryThresholds, createEdgeGuardrail, EDGE_CATEGORIES, EDGE_SIDES } from "./edge-guardrail.ts";
import { EDGE_CLASSIFIER_ID } from "./classifier-version.ts";
import type { EdgeModel } from "./edge-model.ts";
import type { EdgeThresholds } from "./edge-weights.ts";

/**
 * @param choose the thresholds that a policy makes of a model's own
 * @param categoryThresholds of the policy, before the heads' own
 */
export function createActiveEdgeGuardrail(
  active: () => EdgeModel,
  choose: (own: EdgeThresholds) => EdgeThresholds,
  categoryThresholds: CategoryThresholds = {},
): FastGuardrail {
  const made = new WeakMap<EdgeModel, FastGuardrail>();
  const current = (): FastGuardrail => {
    const model = active();
    const guardrail =
      made.get(model) ??
      createEdgeGuardrail(choose(model.thresholds), model.classifier, model.readCategories, categoryThresholds);
    made.set(model, guardrail);
    return guardrail;
  };
  return {
    id: EDGE_CLASSIFIER_ID,
    get version() {
      return current().version;
    },
    sides: EDGE_SIDES,
    categories: EDGE_CATEGORIES,
    check: (exchange, side) => current().check(exchange, side),
    uncertainFrom: () => active().uncertainFrom,
    follow: (exchange) => {
      const follower = current().follow?.(exchange);
      if (follower === undefined) throw new Error("The edge guardrail follows answers.");
      return follower;
    },
  };
}
