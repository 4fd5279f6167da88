// GET /v1/attacks: the inputs that were blocked.
import { createRoute } from "@hono/zod-openapi";
import { logAccess } from "../middleware/log-access.ts";
import { attackWireSchema } from "../wire/mistake.ts";
import { listOf, listSchema } from "../wire/page-query.ts";
import { bearer, createRouter, jsonReply, keyReplies, problemReply } from "./documented.ts";
import { attackQuerySchema, createdBetween } from "./mistake-query.ts";
import { attackToWire } from "./mistake-to-wire.ts";

const route = createRoute({
  method: "get",
  path: "/v1/attacks",
  summary: "Blocked inputs, newest first",
  security: bearer,
  request: { query: attackQuerySchema },
  responses: { 200: jsonReply("A page", listSchema(attackWireSchema)), 400: problemReply, ...keyReplies },
});

export const attacks = createRouter().openapi(route, async (context) => {
  const { limit, cursor, key_id, ...created } = context.req.valid("query");
  const page = await context.var.services.mistakes.listAttacks(
    context.var.key.projectId,
    { limit, cursor: cursor ?? null },
    { keyId: key_id, ...createdBetween(created) },
  );
  logAccess(
    context,
    "attacks",
    page.items.map(({ id }) => id),
  );
  return context.json(listOf(page.items.map(attackToWire), page.hasMore), 200);
});
