// GET /v1/models: what the upstream offers under this gateway.
import { createRoute } from "@hono/zod-openapi";
import { unwrap } from "../problem.ts";
import { modelListSchema } from "../wire/chat-completion.ts";
import { bearer, createRouter, jsonReply, keyReplies, problemReply } from "./documented.ts";

const route = createRoute({
  method: "get",
  path: "/v1/models",
  summary: "The models that can be asked for",
  security: bearer,
  responses: {
    200: jsonReply("OpenAI's model list", modelListSchema.meta({ id: "ModelList" })),
    ...keyReplies,
    502: problemReply,
  },
});

export const models = createRouter().openapi(route, async (context) => {
  const model = await context.var.services.models.forProject(context.var.key.projectId);
  return context.json(unwrap(await model.models(context.req.raw.signal)), 200);
});
