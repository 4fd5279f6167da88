// GET /v1/mistakes, GET /v1/mistakes/{id}: what the model got wrong.
import { createRoute, z } from "@hono/zod-openapi";
import { MISTAKE_KINDS, MISTAKE_SOURCES, MISTAKE_STATES } from "../mistake/mistake.ts";
import { notFound, ProblemError } from "../problem.ts";
import { mistakeWireSchema } from "../wire/mistake.ts";
import { listOf, listSchema, pageQuerySchema } from "../wire/page-query.ts";
import { bearer, createRouter, jsonReply, keyReplies, problemReply } from "./documented.ts";
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

export const mistakes = createRouter()
  .openapi(listRoute, async (context) => {
    const { limit, cursor, state, source, kind } = context.req.valid("query");
    const page = await context.var.services.mistakes.list(
      context.var.key.projectId,
      { state, source, kind },
      { limit, cursor: cursor ?? null },
    );
    return context.json(listOf(page.items.map(mistakeToWire), page.hasMore), 200);
  })
  .openapi(getRoute, async (context) => {
    const { id } = context.req.valid("param");
    const found = await context.var.services.mistakes.get(context.var.key.projectId, id);
    if (found === null) throw new ProblemError(notFound("mistake", id));
    return context.json(mistakeToWire(found), 200);
  });
