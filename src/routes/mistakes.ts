// GET /v1/mistakes, GET /v1/mistakes/{id}, POST /v1/mistakes/{id}/reviews: what the model got wrong, and what people say of it.
import { createRoute, z } from "@hono/zod-openapi";
import { errorMessage } from "../lib/error-message.ts";
import type { AppServices } from "../middleware/app-services.ts";
import { logAccess } from "../middleware/log-access.ts";
import type { AnalysisRequest } from "../mistake/analysis-queue.ts";
import type { MistakeWithAnalyses } from "../mistake/mistake-store.ts";
import { MISTAKE_KINDS, MISTAKE_SOURCES, MISTAKE_STATES, QUARANTINES } from "../mistake/mistake.ts";
import { redact } from "../mistake/redaction.ts";
import { conflict, notFound, ProblemError } from "../problem.ts";
import { mistakeWireSchema, reviewRequestSchema, reviewWireSchema } from "../wire/mistake.ts";
import { listOf, listSchema, pageQuerySchema } from "../wire/page-query.ts";
import { seconds } from "../wire/seconds.ts";
import { bearer, createRouter, jsonBodyOf, jsonReply, keyReplies, problemReply } from "./documented.ts";
import { mistakeToWire } from "./mistake-to-wire.ts";

const idSchema = z.object({ id: z.string().min(1).max(64) });

const listRoute = createRoute({
  method: "get",
  path: "/v1/mistakes",
  summary: "Mistakes, newest first",
  security: bearer,
  request: {
    query: pageQuerySchema.extend({
      state: z.enum(MISTAKE_STATES).optional(),
      source: z.enum(MISTAKE_SOURCES).optional(),
      kind: z.enum(MISTAKE_KINDS).optional(),
      cluster: z.string().min(1).max(64).optional(),
      quarantine: z.enum(QUARANTINES).optional(),
    }),
  },
  responses: { 200: jsonReply("A page", listSchema(mistakeWireSchema)), 400: problemReply, ...keyReplies },
});

const getRoute = createRoute({
  method: "get",
  path: "/v1/mistakes/{id}",
  summary: "One mistake with its verdicts and analyses",
  security: bearer,
  request: { params: idSchema },
  responses: { 200: jsonReply("The mistake", mistakeWireSchema), ...keyReplies, 404: problemReply },
});

const reviewRoute = createRoute({
  method: "post",
  path: "/v1/mistakes/{id}/reviews",
  summary: "Confirms or dismisses a mistake",
  description: "The latest review counts, until a release holds the mistake: then it is 409.",
  security: bearer,
  request: { params: idSchema, body: jsonBodyOf(reviewRequestSchema) },
  responses: {
    201: jsonReply("The review", reviewWireSchema),
    400: problemReply,
    ...keyReplies,
    404: problemReply,
    409: problemReply,
  },
});

async function sizesOf(
  { clusters }: AppServices,
  projectId: string,
  found: readonly MistakeWithAnalyses[],
): Promise<ReadonlyMap<string, number>> {
  return await clusters.sizes(
    projectId,
    found.flatMap(({ mistake }) => mistake.clusterId ?? []),
  );
}

/** None was bought while it was in quarantine. The review stands, whatever becomes of that. */
async function askForAnalysis({ storing, logger }: AppServices, request: AnalysisRequest): Promise<void> {
  try {
    await storing.analyses.enqueue([request]);
  } catch (caught) {
    logger.error("analysis_not_asked_for", { mistake: request.mistakeId, reason: errorMessage(caught) });
  }
}

export const mistakes = createRouter()
  .openapi(listRoute, async (context) => {
    const { limit, cursor, state, source, kind, cluster: clusterId, quarantine } = context.req.valid("query");
    const { services, key } = context.var;
    const page = await services.mistakes.list(
      key.projectId,
      { state, source, kind, clusterId, quarantine },
      { limit, cursor: cursor ?? null },
    );
    logAccess(
      context,
      "mistakes",
      page.items.map(({ mistake }) => mistake.id),
    );
    const sizes = await sizesOf(services, key.projectId, page.items);
    const items = page.items.map((item) => mistakeToWire(item, sizes));
    return context.json(listOf(items, page.hasMore), 200);
  })
  .openapi(getRoute, async (context) => {
    const { id } = context.req.valid("param");
    const { services, key } = context.var;
    const found = await services.mistakes.get(key.projectId, id);
    if (found === null) throw new ProblemError(notFound("mistake", id));
    logAccess(context, "mistakes", [id]);
    return context.json(mistakeToWire(found, await sizesOf(services, key.projectId, [found])), 200);
  })
  .openapi(reviewRoute, async (context) => {
    const { services, key } = context.var;
    const { id } = context.req.valid("param");
    const { decision, comment } = context.req.valid("json");
    const review = {
      id: services.makeId("rev"),
      projectId: key.projectId,
      mistakeId: id,
      decision,
      comment: comment === undefined ? null : redact(comment.toWellFormed()).text,
      keyId: key.id,
      createdAt: services.clock(),
    };
    const outcome = await services.mistakes.review(review);
    if (outcome === "not_found") throw new ProblemError(notFound("mistake", id));
    if (outcome === "already_released") {
      throw new ProblemError(conflict("A release holds this mistake already, and a release never changes."));
    }
    if (decision === "confirm") await askForAnalysis(services, { projectId: key.projectId, mistakeId: id });
    return context.json(
      {
        id: review.id,
        object: "review" as const,
        mistake_id: id,
        decision,
        comment: review.comment,
        created_at: seconds(review.createdAt),
      },
      201,
    );
  });
