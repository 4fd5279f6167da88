// GET /v1/mistakes, GET /v1/mistakes/{id}, POST /v1/mistakes/{id}/reviews: what the model got wrong, and what people say of it.
import { createRoute, z } from "@hono/zod-openapi";
import { redact } from "../mistake/redaction.ts";
import { conflict, notFound, ProblemError } from "../problem.ts";
import { mistakeWireSchema, reviewRequestSchema, reviewWireSchema } from "../wire/mistake.ts";
import { listOf, listSchema } from "../wire/page-query.ts";
import { seconds } from "../wire/seconds.ts";
import { bearer, createRouter, jsonBodyOf, jsonReply, keyReplies, problemReply } from "./documented.ts";
import { mistakeFilter, mistakeQuerySchema } from "./mistake-query.ts";
import { mistakeToWire } from "./mistake-to-wire.ts";

const idSchema = z.object({ id: z.string().min(1).max(64) });

const listRoute = createRoute({
  method: "get",
  path: "/v1/mistakes",
  summary: "Mistakes, newest first",
  description: "Of category, key_id and policy_version at most one, together with any of the others.",
  security: bearer,
  request: {
    query: mistakeQuerySchema,
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

export const mistakes = createRouter()
  .openapi(listRoute, async (context) => {
    const { limit, cursor, ...asked } = context.req.valid("query");
    const page = await context.var.services.mistakes.list(context.var.key.projectId, mistakeFilter(asked), {
      limit,
      cursor: cursor ?? null,
    });
    return context.json(listOf(page.items.map(mistakeToWire), page.hasMore), 200);
  })
  .openapi(getRoute, async (context) => {
    const { id } = context.req.valid("param");
    const found = await context.var.services.mistakes.get(context.var.key.projectId, id);
    if (found === null) throw new ProblemError(notFound("mistake", id));
    return context.json(mistakeToWire(found), 200);
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
