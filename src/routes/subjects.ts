// /v1/subjects: erases what is kept of an end user. Law: his id is in the request alone, never in a reply, a log or the audit.
import { createRoute, z } from "@hono/zod-openapi";
import { requestErasure } from "../finetuning/erasure/erase-subject.ts";
import type { AppServices } from "../middleware/app-services.ts";
import type { Key } from "../access/key.ts";
import type { Erasure } from "../mistake/erasure.ts";
import { unwrap } from "../problem.ts";
import { listOf, listSchema, pageQuerySchema } from "../wire/page-query.ts";
import { seconds } from "../wire/seconds.ts";
import { endUserIdSchema, eraseRequestSchema, erasureWireSchema } from "../wire/subject.ts";
import { bearer, createRouter, jsonBodyOf, jsonReply, keyReplies, problemReply } from "./documented.ts";

const replies = {
  200: jsonReply("Everything is erased", erasureWireSchema),
  202: jsonReply("Nothing of the end user is stored any more; cron erases the rest", erasureWireSchema),
  400: problemReply,
  ...keyReplies,
  409: problemReply,
};

const deleteRoute = createRoute({
  method: "delete",
  path: "/v1/subjects/{id}",
  summary: "Erases everything of an end user",
  description:
    "Ids that must not stand in addresses, which access logs keep: POST /v1/subjects/erase. Once more is no error. " +
    "What was captured until ten minutes after this call is dropped, however late it comes.",
  security: bearer,
  request: { params: z.object({ id: endUserIdSchema }) },
  responses: replies,
});

const eraseRoute = createRoute({
  method: "post",
  path: "/v1/subjects/erase",
  summary: "Erases everything of an end user, whose id is in the body",
  security: bearer,
  request: { body: jsonBodyOf(eraseRequestSchema) },
  responses: replies,
});

const listRoute = createRoute({
  method: "get",
  path: "/v1/subjects/erasures",
  summary: "Erasures, newest first, with the releases that they touched",
  security: bearer,
  request: { query: pageQuerySchema },
  responses: { 200: jsonReply("A page", listSchema(erasureWireSchema)), 400: problemReply, ...keyReplies },
});

function erasureToWire(erasure: Erasure): z.infer<typeof erasureWireSchema> {
  return {
    id: erasure.id,
    object: "erasure",
    status: erasure.status,
    erased: { ...erasure.erased },
    release_ids: [...erasure.releaseIds],
    key_id: erasure.keyId,
    created_at: seconds(erasure.createdAt),
    finished_at: erasure.finishedAt === null ? null : seconds(erasure.finishedAt),
  };
}

async function erase(
  { services, key }: { readonly services: AppServices; readonly key: Key },
  endUserId: string,
): Promise<{ readonly erasure: z.infer<typeof erasureWireSchema>; readonly isDone: boolean }> {
  const order = { projectId: key.projectId, keyId: key.id, endUserId };
  const erasure = unwrap(await requestErasure(services.erasing, order));
  return { erasure: erasureToWire(erasure), isDone: erasure.status === "done" };
}

export const subjects = createRouter()
  .openapi(deleteRoute, async (context) => {
    const { erasure, isDone } = await erase(context.var, context.req.valid("param").id);
    return isDone ? context.json(erasure, 200) : context.json(erasure, 202);
  })
  .openapi(eraseRoute, async (context) => {
    const { erasure, isDone } = await erase(context.var, context.req.valid("json").id);
    return isDone ? context.json(erasure, 200) : context.json(erasure, 202);
  })
  .openapi(listRoute, async (context) => {
    const { services, key } = context.var;
    const { limit, cursor } = context.req.valid("query");
    const page = await services.erasing.erasures.listErasures(key.projectId, { limit, cursor: cursor ?? null });
    return context.json(listOf(page.items.map(erasureToWire), page.hasMore), 200);
  });
