// POST /v1/chat/completions: the guarded chat. Law: whatever an OpenAI client sends is understood, and unknown fields pass.
import { createRoute } from "@hono/zod-openapi";
import type { Context } from "hono";
import { routeRequest } from "../finetuning/canary/route-request.ts";
import type { Caller } from "../generation/capture-choice.ts";
import { completeGuarded, type CompletionDependencies } from "../generation/guarded-completion.ts";
import type { GuardedStream } from "../generation/stream/guarded-stream.ts";
import { allowingPolicy, requestPolicy } from "../generation/request-policy.ts";
import { streamGuarded } from "../generation/stream/stream-guarded.ts";
import { POLICY_HEADER } from "../guardrail/header-policies.ts";
import type { AppEnvironment } from "../middleware/app-services.ts";
import { promptText } from "../mistake/exchange-text.ts";
import type { StreamMode } from "../policy/policy.ts";
import { completionChunks } from "../wire/completion-chunks.ts";
import { unwrap } from "../problem.ts";
import { chatCompletionSchema, chatRequestSchema } from "../wire/chat-completion.ts";
import { isOrdinaryRequest } from "../wire/ordinary-chat.ts";
import { DONE, serverSentEvent } from "../wire/server-sent-events.ts";
import { bearer, createRouter, jsonBodyOf, jsonReply, keyReplies, problemReply, readJson } from "./documented.ts";

const route = createRoute({
  method: "post",
  path: "/v1/chat/completions",
  summary: "A guarded chat completion",
  description:
    "OpenAI's chat completions. A blocked input is 400 with code content_filter; a blocked answer has finish_reason content_filter and empty content. With stream: true it comes as chunks, in the policy's mode (header x-setback-stream-mode): hold_back, buffer or observe. The header x-setback-policy, JSON of keys of a policy, makes the policy stricter for this request.",
  security: bearer,
  request: { body: jsonBodyOf(chatRequestSchema.meta({ id: "ChatRequest" })) },
  responses: {
    200: jsonReply("The guarded completion", chatCompletionSchema.meta({ id: "ChatCompletion" })),
    400: problemReply,
    ...keyReplies,
    404: problemReply,
    413: problemReply,
    429: problemReply,
    502: problemReply,
    503: problemReply,
    504: problemReply,
  },
});

function eventStream(
  context: Context<AppEnvironment>,
  body: string | ReadableStream<Uint8Array>,
  mode: StreamMode,
): Response {
  return context.body(body, 200, {
    "content-type": "text/event-stream; charset=utf-8",
    "cache-control": "no-cache",
    "x-setback-stream-mode": mode,
  });
}

/** Pulled, never pushed: a client that reads slowly slows the model down. */
function bodyOf(stream: GuardedStream, context: Context<AppEnvironment>, caller: Caller): ReadableStream<Uint8Array> {
  const encoder = new TextEncoder();
  const { meter } = context.var.services;
  const ended = (): void => {
    meter.count({ projectId: caller.projectId, keyId: caller.keyId, outcome: "request_ended" });
  };
  context.set("endsLater", true);
  return new ReadableStream<Uint8Array>(
    {
      pull: async (controller) => {
        const events = await stream.read();
        if (events === null) {
          ended();
          controller.close();
        } else controller.enqueue(encoder.encode(events));
      },
      cancel: async () => {
        const leaving = stream.cancel();
        context.var.services.background(async () => {
          await leaving;
        });
        await leaving;
        ended();
      },
    },
    { highWaterMark: 0 },
  );
}

export const chatCompletions = createRouter();

chatCompletions.openAPIRegistry.registerPath(route);

chatCompletions.post(route.path, async (context) => {
  const request = await readJson(context, chatRequestSchema, isOrdinaryRequest);
  const { services, key, requestId } = context.var;
  const { projectId, id: keyId, consent } = key;
  const caller: Caller = { projectId, keyId, consent, requestId, source: "production" };
  const { signal } = context.req.raw;
  const [model, chosen, inUse] = await Promise.all([
    services.models.forProject(key.projectId),
    requestPolicy(services, key, context.req.header(POLICY_HEADER)),
    services.candidateDirectory.inUse(key.projectId),
  ]);
  const policy = await allowingPolicy(unwrap(chosen), key.id, services.clock, () => promptText(request.messages));
  const candidateModel = async (upstream: string) => await services.models.candidateModel(projectId, upstream);
  const routed = await routeRequest({ ...services, own: model, candidateModel }, inUse, keyId, request);
  const dependencies: CompletionDependencies = {
    ...services.completion,
    ...policy,
    model,
    ...routed,
    guardrailUpstream: async (name) => await services.models.guardrailUpstream(key.projectId, name),
  };
  const mode = policy.policy.stream_mode;
  if (request.stream === true && mode !== "buffer") {
    const stream = unwrap(await streamGuarded(dependencies, request, caller, signal));
    return eventStream(context, bodyOf(stream, context, caller), mode);
  }
  const completion = unwrap(await completeGuarded(dependencies, request, caller, signal));
  if (request.stream !== true) return context.json(completion, 200);
  const chunks = completionChunks(completion, request.stream_options?.include_usage === true);
  return eventStream(context, [...chunks, DONE].map(serverSentEvent).join(""), mode);
});
