// GET /v1/thresholds/suggestions: what people's decisions say of thresholds. Law: it changes no policy.
import { createRoute, z } from "@hono/zod-openapi";
import { suggestThresholds } from "../induction/review/suggest-thresholds.ts";
import { queryNumber } from "../wire/query-number.ts";
import { suggestionsWireSchema } from "../wire/review.ts";
import { bearer, createRouter, jsonReply, keyReplies, problemReply } from "./documented.ts";

/** Of each state: verdicts of this many take some 10 MB at most. */
const MOST_READ = 2_000;

const querySchema = z.object({
  target_precision: queryNumber(z.coerce.number<string>().gt(0).max(1)).default(0.9),
});

const route = createRoute({
  method: "get",
  path: "/v1/thresholds/suggestions",
  summary: "What reviews say of each guardrail's threshold",
  description:
    "By guardrail, side and category: how many flags people confirmed, and the lowest score from which on the target share of them was right. Only what was flagged is known, so a suggestion can be higher than the threshold, and says nothing of what a lower one would find. Nothing changes by itself.",
  security: bearer,
  request: { query: querySchema },
  responses: { 200: jsonReply("The suggestions", suggestionsWireSchema), 400: problemReply, ...keyReplies },
});

export const thresholds = createRouter().openapi(route, async (context) => {
  const { services, key } = context.var;
  const { target_precision: target } = context.req.valid("query");
  const scored = await services.reviews.listScored(key.projectId, MOST_READ);
  const data = suggestThresholds(scored, target).map((each) => ({
    ...{ object: "threshold_suggestion" as const, guardrail: each.guardrail, side: each.side, category: each.category },
    ...{ reviewed: each.reviewed, confirmed: each.confirmed, current_threshold: each.currentThreshold },
    ...{ precision: each.precision, suggested_threshold: each.suggestedThreshold },
    ...{ suggested_precision: each.suggestedPrecision, kept: each.kept },
  }));
  return context.json({ object: "list" as const, target_precision: target, reviewed: scored.length, data }, 200);
});
