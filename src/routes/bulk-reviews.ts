// POST /v1/reviews/bulk: one decision on every mistake of a filter.
import { createRoute } from "@hono/zod-openapi";
import { bulkReview } from "../induction/review/bulk-review.ts";
import { projectPolicy } from "../induction/review/project-review-policy.ts";
import { unwrap } from "../problem.ts";
import { bulkWireSchema } from "../wire/review.ts";
import { bearer, createRouter, jsonBodyOf, jsonReply, keyReplies, problemReply } from "./documented.ts";
import { bulkRequestSchema } from "./review-requests.ts";

const route = createRoute({
  method: "post",
  path: "/v1/reviews/bulk",
  summary: "Confirms or dismisses many mistakes at once",
  description:
    "A dry run unless `dry_run` is false: it tells `selected` and `until`. The real call names both (`expected_count`, `until`; 409 where the count is another one by now), decides on at most 500 and tells what `remaining` is for the next call. What is in quarantine it touches only where `quarantine` names it, and only to dismiss it, such as a flood. Never touches what is released, decided, or held by a reviewer; where two reviewers are needed it is one voice.",
  security: bearer,
  request: { body: jsonBodyOf(bulkRequestSchema) },
  responses: {
    200: jsonReply("What it selects, and what it did", bulkWireSchema),
    400: problemReply,
    ...keyReplies,
    409: problemReply,
    503: problemReply,
  },
});

export const bulkReviews = createRouter().openapi(route, async (context) => {
  const { services, key } = context.var;
  const asked = context.req.valid("json");
  const { state, cluster_id: clusterId, key_id: keyId, ...filter } = asked.filter;
  const { policy } = unwrap(await projectPolicy(services, key.projectId));
  const { expected_count: count, until: newest } = asked;
  const order = {
    ...{
      projectId: key.projectId,
      voice: { keyId: key.id, reviewer: asked.reviewer ?? null },
      state,
      filter: { ...filter, clusterId, keyId },
    },
    ...{ decision: asked.decision, comment: asked.comment ?? null },
    seen: asked.dry_run || count === undefined || newest === undefined ? null : { count, until: newest },
  };
  const { bulkId, selected, decided, remaining, until } = unwrap(await bulkReview(services, order, policy.review));
  return context.json(
    { id: bulkId, object: "bulk_review" as const, dry_run: asked.dry_run, selected, decided, remaining, until },
    200,
  );
});
