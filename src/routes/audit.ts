// GET /v1/audit: who changed what in the project.
import { createRoute } from "@hono/zod-openapi";
import { listOf, listSchema, pageQuerySchema } from "../wire/page-query.ts";
import { auditWireSchema } from "../wire/policy.ts";
import { seconds } from "../wire/seconds.ts";
import { bearer, createRouter, jsonReply, keyReplies, problemReply } from "./documented.ts";

const route = createRoute({
  method: "get",
  path: "/v1/audit",
  summary: "Who changed what, newest first",
  security: bearer,
  request: { query: pageQuerySchema },
  responses: { 200: jsonReply("A page", listSchema(auditWireSchema)), 400: problemReply, ...keyReplies },
});

export const audit = createRouter().openapi(route, async (context) => {
  const { services, key } = context.var;
  const { limit, cursor } = context.req.valid("query");
  const page = await services.audit.listAudit(key.projectId, { limit, cursor: cursor ?? null });
  const shown = page.items.map(({ id, keyId, event, subject, details, createdAt }) => ({
    id,
    object: "audit_entry" as const,
    key_id: keyId,
    event,
    subject,
    details: { ...details },
    created_at: seconds(createdAt),
  }));
  return context.json(listOf(shown, page.hasMore), 200);
});
