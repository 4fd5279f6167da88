// POST and GET /v1/mistakes/{id}/reviews, POST /v1/mistakes/{id}/reopen: what people say of a mistake, and taking it back.
import { createRoute, z } from "@hono/zod-openapi";
import { projectPolicy } from "../induction/review/project-review-policy.ts";
import { decideReview } from "../induction/review/decide-review.ts";
import { reopenMistake } from "../induction/review/reopen-mistake.ts";
import { errorMessage } from "../lib/error-message.ts";
import type { AppServices } from "../middleware/app-services.ts";
import { logAccess } from "../middleware/log-access.ts";
import type { AnalysisRequest } from "../mistake/analysis-queue.ts";
import { neededVoices } from "../mistake/review-rules.ts";
import { isCategory } from "../policy/category.ts";
import { notFound, ProblemError, unwrap } from "../problem.ts";
import { reopenedWireSchema, reviewedWireSchema, reviewsWireSchema } from "../wire/review.ts";
import { bearer, createRouter, jsonBodyOf, jsonReply, keyReplies, problemReply } from "./documented.ts";
import { reopenRequestSchema, reviewRequestSchema } from "./review-requests.ts";
import { reviewToWire, standingToWire } from "./review-to-wire.ts";

const params = z.object({ id: z.string().min(1).max(64) });

const refusals = { 400: problemReply, ...keyReplies, 404: problemReply, 409: problemReply, 503: problemReply };

const reviewRoute = createRoute({
  method: "post",
  path: "/v1/mistakes/{id}/reviews",
  summary: "Confirms, dismisses, relabels or corrects a mistake",
  description:
    "One call may do all of it: a confirmation may carry a kind, categories and a correction. The latest review counts, or where the policy wants two reviewers the latest decision that two agree on. 409 once a release holds the mistake, while another reviewer holds a lease on it, or where the given lease is over.",
  security: bearer,
  request: { params, body: jsonBodyOf(reviewRequestSchema) },
  responses: { 201: jsonReply("The review, and where the mistake stands", reviewedWireSchema), ...refusals },
});

const listRoute = createRoute({
  method: "get",
  path: "/v1/mistakes/{id}/reviews",
  summary: "All reviews of a mistake, oldest first",
  security: bearer,
  request: { params },
  responses: {
    200: jsonReply("The reviews, and where the mistake stands", reviewsWireSchema),
    ...keyReplies,
    404: problemReply,
    503: problemReply,
  },
});

const reopenRoute = createRoute({
  method: "post",
  path: "/v1/mistakes/{id}/reopen",
  summary: "Takes every decision on a mistake back",
  description:
    "It is undecided and in the queue again, and no earlier review of it counts. 409 once a release holds it.",
  security: bearer,
  request: { params, body: jsonBodyOf(reopenRequestSchema) },
  responses: { 200: jsonReply("Where the mistake stands", reopenedWireSchema), ...refusals },
});

/** None was bought while it was in quarantine. The review stands, whatever becomes of that. */
async function askForAnalysis(
  { storing, logger }: AppServices,
  { projectId, mistakeId }: AnalysisRequest,
): Promise<void> {
  try {
    await storing.analyses.enqueue([{ projectId, mistakeId }]);
  } catch (caught) {
    logger.error("analysis_not_asked_for", { mistake: mistakeId, reason: errorMessage(caught) });
  }
}

/** Where one mistake stands, and what it takes. */
async function standingOf(services: AppServices, projectId: string, id: string) {
  const { policy } = unwrap(await projectPolicy(services, projectId));
  const found = await services.mistakes.get(projectId, id);
  const [standing] = await services.reviews.standingOf(projectId, [id], policy.review.second.voices);
  if (found === null || standing === undefined) throw new ProblemError(notFound("mistake", id));
  const reviews = await services.reviews.listReviews(projectId, id);
  return { reviews, standing: standingToWire(standing, neededVoices(policy.review, found.mistake, reviews)) };
}

export const mistakeReviews = createRouter()
  .openapi(reviewRoute, async (context) => {
    const { services, key } = context.var;
    const asked = context.req.valid("json");
    const compiled = unwrap(await projectPolicy(services, key.projectId));
    const order = {
      ...{ projectId: key.projectId, mistakeId: context.req.valid("param").id, decision: asked.decision },
      voice: { keyId: key.id, reviewer: asked.reviewer ?? null },
      ...{ comment: asked.comment ?? null, kind: asked.kind ?? null, leaseId: asked.lease_id ?? null },
      categories: asked.categories?.filter(isCategory) ?? null,
      correction: asked.correction ?? null,
    };
    const { review, standing } = unwrap(await decideReview(services, order, compiled));
    if (standing.state === "confirmed") await askForAnalysis(services, review);
    return context.json({ ...reviewToWire(review), mistake: standingToWire(standing, review.required) }, 201);
  })
  .openapi(listRoute, async (context) => {
    const { services, key } = context.var;
    const { reviews, standing } = await standingOf(services, key.projectId, context.req.valid("param").id);
    logAccess(
      context,
      "reviews",
      reviews.map(({ id }) => id),
    );
    return context.json({ object: "list" as const, data: reviews.map(reviewToWire), mistake: standing }, 200);
  })
  .openapi(reopenRoute, async (context) => {
    const { services, key } = context.var;
    const { id } = context.req.valid("param");
    const { comment, reviewer = null } = context.req.valid("json");
    unwrap(
      await reopenMistake(services, { projectId: key.projectId, mistakeId: id, keyId: key.id, reviewer, comment }),
    );
    const { standing } = await standingOf(services, key.projectId, id);
    return context.json({ object: "mistake_reopened" as const, mistake_id: id, ...standing }, 200);
  });
