// GET /v1/access-log: who read stored texts.
import { createRoute } from "@hono/zod-openapi";
import { listOf, listSchema, pageQuerySchema } from "../wire/page-query.ts";
import { seconds } from "../wire/seconds.ts";
import { accessEntryWireSchema } from "../wire/subject.ts";
import { bearer, createRouter, jsonReply, keyReplies, problemReply } from "./documented.ts";

const route = createRoute({
  method: "get",
  path: "/v1/access-log",
  summary: "Who read stored texts, newest first",
  description:
    "Kept for 400 days. Written after the reply: an entry may be missing where the gateway was cut off then.",
  security: bearer,
  request: { query: pageQuerySchema },
  responses: { 200: jsonReply("A page", listSchema(accessEntryWireSchema)), 400: problemReply, ...keyReplies },
});

export const accessLog = createRouter().openapi(route, async (context) => {
  const { services, key } = context.var;
  const { limit, cursor } = context.req.valid("query");
  const page = await services.accessLog.listEntries(key.projectId, { limit, cursor: cursor ?? null });
  const shown = page.items.map(({ id, keyId, thing, subjects, requestId, createdAt }) => ({
    id,
    object: "access_entry" as const,
    key_id: keyId,
    thing,
    subjects: [...subjects],
    request_id: requestId,
    created_at: seconds(createdAt),
  }));
  return context.json(listOf(shown, page.hasMore), 200);
});
