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
import { beginStream } from "../openai/begin-stream.ts";
import { EventChatStream } from "../openai/event-chat-stream.ts";
import {
  clientClosedRequest,
  upstreamInvalid,
  upstreamTimeout,
  upstreamUnavailable,
} from "../upstream/upstream-problem.ts";
import { ResponseChunks, type ChunkHead } from "./response-chunks.ts";
import { textOf, toolCallsOf, workersToolCallsSchema } from "./tool-calls.ts";

/** The part of the `Ai` binding that we call. */
export interface WorkersAi {
  run(model: string, inputs: Record<string, unknown>, options: { readonly signal: AbortSignal }): Promise<unknown>;
}

export interface WorkersAiOptions {
  readonly binding: WorkersAi | null;
  readonly model: string;
  readonly timeoutMilliseconds: number;
  /** the longest silence within a stream */
  readonly idleMilliseconds: number;
  readonly clock: Clock;
  readonly makeId: MakeId;
}

/** Older models answer with their text and tool calls, newer ones with a chat completion. */
const plainResponseSchema = z.looseObject({
  response: z.union([z.string(), z.looseObject({})]).nullish(),
  tool_calls: workersToolCallsSchema,
  usage: z.looseObject({}).optional(),
});

type PlainResponse = z.infer<typeof plainResponseSchema>;

function choiceOf({ response, tool_calls: calls }: PlainResponse): ChatCompletion["choices"][number] {
  const content = response === null || response === undefined ? null : textOf(response);
  if (calls === null || calls === undefined || calls.length === 0) {
    return { index: 0, message: { role: "assistant", content }, finish_reason: "stop" };
  }
  return {
    index: 0,
    message: { role: "assistant", content, tool_calls: toolCallsOf(calls) },
    finish_reason: "tool_calls",
  };
}

function isByteStream(answer: unknown): answer is ReadableStream<Uint8Array> {
  return answer instanceof ReadableStream;
}

export class WorkersAiChatModel implements ChatModel {
  readonly #options: WorkersAiOptions;

  constructor(options: WorkersAiOptions) {
    this.#options = options;
  }

  async complete(request: ChatRequest, signal: AbortSignal): Promise<Result<ChatCompletion, Problem>> {
    const answered = await this.#run(request, false, signal);
    return answered.ok ? this.#completion(answered.value) : answered;
  }

  async stream(request: ChatRequest, signal: AbortSignal): Promise<Result<ChatStream, Problem>> {
    const answered = await this.#run(request, true, signal);
    if (!answered.ok) return answered;
    // Some models know no streams.
    if (!isByteStream(answered.value)) return wholeStream(this.#completion(answered.value));
    const { idleMilliseconds } = this.#options;
    const begun = await beginStream(new EventChatStream({ body: answered.value, signal, idleMilliseconds }));
    return begun.ok ? ok(new ResponseChunks(begun.value, this.#head())) : err(begun.error.problem);
  }

  async #run(request: ChatRequest, isStream: boolean, signal: AbortSignal): Promise<Result<unknown, Problem>> {
    const { binding, model, timeoutMilliseconds } = this.#options;
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
      const running = binding.run(model, isStream ? { ...inputs, stream: true } : inputs, { signal });
      answer = await within(timeoutMilliseconds, running);
    } catch (cause) {
      if (signal.aborted) return err(clientClosedRequest());
      if (cause instanceof DeadlineExceeded) return err(upstreamTimeout(timeoutMilliseconds));
      return err({ ...upstreamUnavailable("Workers AI refused the request."), cause });
    }
    return signal.aborted ? err(clientClosedRequest()) : ok(answer);
  }

  #completion(answer: unknown): Result<ChatCompletion, Problem> {
    const whole = chatCompletionSchema.safeParse(answer);
    if (whole.success) return ok(whole.data);
    const plain = plainResponseSchema.safeParse(answer);
    if (!plain.success) return err(upstreamInvalid("neither a completion nor a response"));
    const { response, tool_calls: calls, usage } = plain.data;
    if ((response ?? calls ?? null) === null) return err(upstreamInvalid("neither a completion nor a response"));
    const extra = usage === undefined ? {} : { usage };
    return ok({ ...this.#head(), object: "chat.completion", choices: [choiceOf(plain.data)], ...extra });
  }

  #head(): ChunkHead {
    const { clock, makeId, model } = this.#options;
    return { id: makeId("chatcmpl"), created: Math.floor(clock() / 1000), model };
  }

  models(): Promise<Result<ModelList, Problem>> {
    return Promise.resolve(
      ok({ object: "list", data: [{ id: this.#options.model, object: "model", owned_by: "workers-ai" }] }),
    );
  }
}
