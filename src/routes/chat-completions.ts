// POST /v1/chat/completions: the guarded chat. Law: whatever an OpenAI client sends is understood, and unknown fields pass.
import { createRoute } from "@hono/zod-openapi";
import { completeGuarded } from "../generation/guarded-completion.ts";
import { completionChunks } from "../wire/completion-chunks.ts";
import { unwrap } from "../problem.ts";
import { chatCompletionSchema, chatRequestSchema } from "../wire/chat-completion.ts";
import { DONE, serverSentEvent } from "../wire/server-sent-events.ts";
import { bearer, createRouter, jsonBodyOf, jsonReply, keyReplies, problemReply, readJson } from "./documented.ts";

const route = createRoute({
  method: "post",
  path: "/v1/chat/completions",
  summary: "A guarded chat completion",
  description:
    "OpenAI's chat completions. A blocked input is 400 with code content_filter; a blocked answer has finish_reason content_filter and empty content. With stream: true the answer is checked whole and then sent as chunks (x-setback-stream-mode: buffer).",
  security: bearer,
  request: { body: jsonBodyOf(chatRequestSchema.meta({ id: "ChatRequest" })) },
  responses: {
    200: jsonReply("The guarded completion", chatCompletionSchema.meta({ id: "ChatCompletion" })),
    400: problemReply,
    ...keyReplies,
    404: problemReply,
    413: problemReply,
    502: problemReply,
    503: problemReply,
    504: problemReply,
  },
});

export const chatCompletions = createRouter();

chatCompletions.openAPIRegistry.registerPath(route);

chatCompletions.post(route.path, async (context) => {
  const request = await readJson(context, chatRequestSchema);
  const { services, key, requestId } = context.var;
  const completion = unwrap(
    await completeGuarded(
      services.completion,
      request,
      { projectId: key.projectId, keyId: key.id, requestId, source: "production" },
      context.req.raw.signal,
    ),
  );
  if (request.stream !== true) return context.json(completion, 200);
  const chunks = completionChunks(completion, request.stream_options?.include_usage === true);
  return new Response([...chunks, DONE].map(serverSentEvent).join(""), {
    headers: {
      "content-type": "text/event-stream; charset=utf-8",
      "cache-control": "no-cache",
      "x-setback-stream-mode": services.completion.policy.stream_mode,
    },
  });
});
