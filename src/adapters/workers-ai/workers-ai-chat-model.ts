// The chat model on Workers AI (developers.cloudflare.com/workers-ai). Law: a missing or rejecting binding is `unavailable`, never an answer.
// Not run against the real service: the binding has no local simulator. Its reading is tested on the shapes its docs publish.
import { z } from "zod";
import type { Clock } from "../../lib/clock.ts";
import type { MakeId } from "../../lib/ids.ts";
import { DeadlineExceeded, within } from "../../lib/deadline.ts";
import { err, ok, type Result } from "../../lib/result.ts";
import type { ChatModel, ChatStream } from "../../model/chat-model.ts";
import { wholeStream } from "../../model/whole-stream.ts";
import { invalidRequest, type Problem } from "../../problem.ts";
import {
  chatCompletionSchema,
  type ChatCompletion,
  type ChatRequest,
  type ModelList,
} from "../../wire/chat-completion.ts";
import {
  clientClosedRequest,
  upstreamInvalid,
  upstreamTimeout,
  upstreamUnavailable,
} from "../upstream/upstream-problem.ts";

/** The part of the `Ai` binding that we call. */
export interface WorkersAi {
  run(model: string, inputs: Record<string, unknown>): Promise<unknown>;
}

export interface WorkersAiOptions {
  readonly binding: WorkersAi | null;
  readonly model: string;
  readonly timeoutMilliseconds: number;
  readonly clock: Clock;
  readonly makeId: MakeId;
}

/** Older models answer with their text and tool calls, newer ones with a chat completion. */
const plainResponseSchema = z.looseObject({
  response: z.union([z.string(), z.looseObject({})]).nullish(),
  tool_calls: z.array(z.looseObject({ name: z.string(), arguments: z.unknown() })).nullish(),
  usage: z.looseObject({}).optional(),
});

type PlainResponse = z.infer<typeof plainResponseSchema>;

function textOf(value: unknown): string {
  return typeof value === "string" ? value : JSON.stringify(value ?? {});
}

function choiceOf({ response, tool_calls: calls }: PlainResponse): ChatCompletion["choices"][number] {
  const content = response === null || response === undefined ? null : textOf(response);
  if (calls === null || calls === undefined || calls.length === 0) {
    return { index: 0, message: { role: "assistant", content }, finish_reason: "stop" };
  }
  // These have no ids of their own, which OpenAI's tool messages refer to.
  const toolCalls = calls.map((call, index) => ({
    id: `call_${index}`,
    type: "function",
    function: { name: call.name, arguments: textOf(call.arguments) },
  }));
  return {
    index: 0,
    message: { role: "assistant", content, tool_calls: toolCalls },
    finish_reason: "tool_calls",
  };
}

export class WorkersAiChatModel implements ChatModel {
  readonly #options: WorkersAiOptions;

  constructor(options: WorkersAiOptions) {
    this.#options = options;
  }

  async complete(request: ChatRequest, signal: AbortSignal): Promise<Result<ChatCompletion, Problem>> {
    const { binding, model, clock, makeId, timeoutMilliseconds } = this.#options;
    if (binding === null) {
      return err(
        upstreamUnavailable("No model is configured: set SETBACK_UPSTREAM_URL, or deploy with the AI binding."),
      );
    }
    const { stream: _stream, stream_options: _streamOptions, model: _model, n: _n, ...inputs } = request;
    if ((request.n ?? 1) > 1) {
      return err(invalidRequest("Workers AI gives one choice a request: leave out n.", "n"));
    }
    let answer: unknown;
    try {
      // The binding takes no signal: a run that nobody waits for goes on by itself.
      answer = await within(timeoutMilliseconds, binding.run(model, inputs));
    } catch (cause) {
      if (cause instanceof DeadlineExceeded) return err(upstreamTimeout(timeoutMilliseconds));
      return err({ ...upstreamUnavailable("Workers AI refused the request."), cause });
    }
    if (signal.aborted) return err(clientClosedRequest());
    const whole = chatCompletionSchema.safeParse(answer);
    if (whole.success) return ok(whole.data);
    const plain = plainResponseSchema.safeParse(answer);
    if (!plain.success) return err(upstreamInvalid("neither a completion nor a response"));
    const { response, tool_calls: calls, usage } = plain.data;
    if ((response ?? calls ?? null) === null) return err(upstreamInvalid("neither a completion nor a response"));
    return ok({
      id: makeId("chatcmpl"),
      object: "chat.completion",
      created: Math.floor(clock() / 1000),
      model,
      choices: [choiceOf(plain.data)],
      ...(usage === undefined ? {} : { usage }),
    });
  }

  async stream(request: ChatRequest, signal: AbortSignal): Promise<Result<ChatStream, Problem>> {
    return wholeStream(await this.complete(request, signal));
  }

  models(): Promise<Result<ModelList, Problem>> {
    return Promise.resolve(
      ok({ object: "list", data: [{ id: this.#options.model, object: "model", owned_by: "workers-ai" }] }),
    );
  }
}
