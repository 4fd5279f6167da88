// The chat model behind any OpenAI-compatible HTTP server.
// Law: retries only before the first event, on 429, 5xx, network errors and an attempt that took too long.
import type { z } from "zod";
import { isNestedDeeperThan } from "../../lib/nesting.ts";
import { err, ok, type Result } from "../../lib/result.ts";
import type { ChatModel, ChatStream } from "../../model/chat-model.ts";
import { completedStream } from "../../model/whole-stream.ts";
import type { Problem } from "../../problem.ts";
import {
  chatCompletionSchema,
  modelListSchema,
  type ChatCompletion,
  type ChatRequest,
  type ModelList,
  MOST_LEVELS,
} from "../../wire/chat-completion.ts";
import { isOrdinaryCompletion } from "../../wire/ordinary-chat.ts";
import { upstreamInvalid, upstreamStatusProblem } from "../upstream/upstream-problem.ts";
import { inAttempts, type AttemptLimits, type Failure } from "./attempts.ts";
import { beginStream } from "./begin-stream.ts";
import { EventChatStream } from "./event-chat-stream.ts";
import type { WakeCount } from "./gathering-reader.ts";

export interface OpenAIChatModelOptions extends AttemptLimits {
  /** base URL without a slash at its end, `https://api.openai.com/v1` for example */
  readonly url: string;
  readonly key: string | null;
  /** the longest silence within a stream */
  readonly idleMilliseconds: number;
  readonly fetch: typeof fetch;
  /** shared by all models of the isolate */
  readonly wakes?: WakeCount;
}

interface Ask {
  readonly path: string;
  readonly method: string;
  readonly body?: string;
  readonly accept: string;
}

const CHAT = { path: "/chat/completions", method: "POST" } as const;
const JSON_TYPE = /^application\/(?:[\w.-]+\+)?json\s*(?:;|$)/i;

function isRetryable(status: number): boolean {
  return status === 429 || status >= 500;
}

export class OpenAIChatModel implements ChatModel {
  readonly #options: OpenAIChatModelOptions;

  constructor(options: OpenAIChatModelOptions) {
    this.#options = options;
  }

  async complete(request: ChatRequest, signal: AbortSignal): Promise<Result<ChatCompletion, Problem>> {
    const { stream: _stream, stream_options: _options, ...whole } = request;
    const body = JSON.stringify(whole);
    return await this.#whole({ ...CHAT, accept: "application/json", body }, readCompletion, signal);
  }

  async stream(request: ChatRequest, signal: AbortSignal): Promise<Result<ChatStream, Problem>> {
    // Tokens are counted whatever the client asked for; whether it sees the usage is decided where its stream is written.
    const options = { ...request.stream_options, include_usage: true };
    const body = JSON.stringify({ ...request, stream: true, stream_options: options });
    const ask = { ...CHAT, accept: "text/event-stream", body };
    return await inAttempts<ChatStream>(this.#options, signal, async (stop) => {
      const answered = await this.#send(ask, stop);
      if (!answered.ok) return answered;
      const response = answered.value;
      // A server that knows no streams answers whole.
      if (JSON_TYPE.test(response.headers.get("content-type") ?? "")) {
        const completed = await readCompletion(response);
        return completed.ok ? ok(completedStream(completed.value)) : completed;
      }
      const { body: bytes } = response;
      if (!isByteStream(bytes)) return invalid("it was empty");
      const { idleMilliseconds, wakes } = this.#options;
      return await beginStream(new EventChatStream({ body: bytes, signal: stop, idleMilliseconds, wakes }));
    });
  }

  async models(signal: AbortSignal): Promise<Result<ModelList, Problem>> {
    return await this.#whole({ path: "/models", method: "GET", accept: "application/json" }, readModels, signal);
  }

  async #whole<Answer>(
    ask: Ask,
    read: (response: Response) => Promise<Result<Answer, Failure>>,
    signal: AbortSignal,
  ): Promise<Result<Answer, Problem>> {
    return await inAttempts<Answer>(this.#options, signal, async (stop) => {
      const answered = await this.#send(ask, stop);
      return answered.ok ? await read(answered.value) : answered;
    });
  }

  /** An answer with a status of success. Rejects if the network does. */
  async #send({ path, method, body, accept }: Ask, signal: AbortSignal): Promise<Result<Response, Failure>> {
    const { url, key } = this.#options;
    const headers = {
      accept,
      ...(body === undefined ? {} : { "content-type": "application/json" }),
      ...(key === null ? {} : { authorization: `Bearer ${key}` }),
    };
    // A redirect could carry the credentials elsewhere, so it is an answer like any other: not 2xx.
    const init: RequestInit = { method, headers, signal, redirect: "manual", ...(body === undefined ? {} : { body }) };
    const response = await this.#options.fetch(`${url}${path}`, init);
    if (response.ok) return ok(response);
    const problem = upstreamStatusProblem(response.status, await response.text());
    const retry = isRetryable(response.status) ? { after: response.headers.get("retry-after") } : null;
    return err({ problem, retry });
  }
}

/** A body's pieces are always bytes (Fetch section 2.2.4), which the platform's types leave open. */
function isByteStream(body: ReadableStream | null): body is ReadableStream<Uint8Array> {
  return body !== null;
}

function invalid(cause: unknown): { readonly ok: false; readonly error: Failure } {
  return err({ problem: upstreamInvalid(cause), retry: null });
}

async function readCompletion(response: Response): Promise<Result<ChatCompletion, Failure>> {
  return await read(response, chatCompletionSchema, isOrdinaryCompletion);
}

async function readModels(response: Response): Promise<Result<ModelList, Failure>> {
  return await read(response, modelListSchema);
}

/** @param isOrdinary a short way past the schema, for what it would give back as it is */
async function read<Schema extends z.ZodType>(
  response: Response,
  schema: Schema,
  isOrdinary?: (body: unknown) => body is z.infer<Schema>,
): Promise<Result<z.infer<Schema>, Failure>> {
  try {
    const body: unknown = await response.json();
    if (isNestedDeeperThan(body, MOST_LEVELS)) return invalid("it was nested too deep");
    if (isOrdinary?.(body) === true) return ok(body);
    const parsed = schema.safeParse(body);
    return parsed.success ? ok(parsed.data) : invalid(parsed.error.issues[0]?.path.join("."));
  } catch (cause) {
    // A SyntaxError quotes the text it could not read, which is the model's and must not be logged.
    return invalid(cause instanceof SyntaxError ? "it was no JSON" : cause);
  }
}
