// The chat model behind any OpenAI-compatible HTTP server.
// Law: retries only before the first byte, on 429, 5xx and network errors; one deadline over all attempts.
import type { z } from "zod";
import { isNestedDeeperThan } from "../../lib/nesting.ts";
import { err, ok, type Result } from "../../lib/result.ts";
import { retryDelayMilliseconds } from "../../lib/retry-delay.ts";
import type { ChatModel, ChatStream } from "../../model/chat-model.ts";
import { wholeStream } from "../../model/whole-stream.ts";
import type { Problem } from "../../problem.ts";
import {
  chatCompletionSchema,
  modelListSchema,
  type ChatCompletion,
  type ChatRequest,
  type ModelList,
  MOST_LEVELS,
} from "../../wire/chat-completion.ts";
import {
  clientClosedRequest,
  upstreamInvalid,
  upstreamStatusProblem,
  upstreamTimeout,
  upstreamUnreachable,
} from "../upstream/upstream-problem.ts";

export interface OpenAIChatModelOptions {
  /** base URL without a slash at its end, `https://api.openai.com/v1` for example */
  readonly url: string;
  readonly key: string | null;
  readonly timeoutMilliseconds: number;
  /** how often at most one request is sent */
  readonly attempts: number;
  readonly fetch: typeof fetch;
  /** in [0, 1) */
  readonly random: () => number;
}

async function pause(milliseconds: number, signal: AbortSignal): Promise<void> {
  await new Promise<void>((resolve) => {
    // An aborted signal never fires again.
    if (signal.aborted) {
      resolve();
      return;
    }
    const timer = setTimeout(resolve, milliseconds);
    signal.addEventListener(
      "abort",
      () => {
        clearTimeout(timer);
        resolve();
      },
      { once: true },
    );
  });
}

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
    return await this.#ask("/chat/completions", { method: "POST", body }, chatCompletionSchema, signal);
  }

  async stream(request: ChatRequest, signal: AbortSignal): Promise<Result<ChatStream, Problem>> {
    return wholeStream(await this.complete(request, signal));
  }

  async models(signal: AbortSignal): Promise<Result<ModelList, Problem>> {
    return await this.#ask("/models", { method: "GET" }, modelListSchema, signal);
  }

  async #ask<Schema extends z.ZodType>(
    path: string,
    init: { readonly method: string; readonly body?: string },
    schema: Schema,
    clientSignal: AbortSignal,
  ): Promise<Result<z.infer<Schema>, Problem>> {
    const { timeoutMilliseconds, attempts, random } = this.#options;
    const deadline = AbortSignal.timeout(timeoutMilliseconds);
    const signal = AbortSignal.any([clientSignal, deadline]);
    const stopped = (): Problem =>
      clientSignal.aborted ? clientClosedRequest() : upstreamTimeout(timeoutMilliseconds);
    let last: Problem = upstreamUnreachable(null);
    for (let attempt = 0; attempt < attempts; attempt += 1) {
      let retryAfter: string | null = null;
      try {
        const response = await this.#send(path, init, signal);
        if (response.ok) return await read(response, schema, stopped, signal);
        last = upstreamStatusProblem(response.status, await response.text());
        if (!isRetryable(response.status)) return err(last);
        retryAfter = response.headers.get("retry-after");
      } catch (cause) {
        if (signal.aborted) return err(stopped());
        last = upstreamUnreachable(cause);
      }
      if (attempt + 1 < attempts) await pause(retryDelayMilliseconds(attempt, random(), retryAfter), signal);
      if (signal.aborted) return err(stopped());
    }
    return err(last);
  }

  async #send(
    path: string,
    init: { readonly method: string; readonly body?: string },
    signal: AbortSignal,
  ): Promise<Response> {
    const headers = new Headers({ accept: "application/json" });
    if (init.body !== undefined) headers.set("content-type", "application/json");
    if (this.#options.key !== null) headers.set("authorization", `Bearer ${this.#options.key}`);
    // A redirect could carry the credentials elsewhere, so it is an answer like any other: not 2xx.
    return await this.#options.fetch(`${this.#options.url}${path}`, { ...init, headers, signal, redirect: "manual" });
  }
}

async function read<Schema extends z.ZodType>(
  response: Response,
  schema: Schema,
  stopped: () => Problem,
  signal: AbortSignal,
): Promise<Result<z.infer<Schema>, Problem>> {
  try {
    const body: unknown = await response.json();
    if (isNestedDeeperThan(body, MOST_LEVELS)) return err(upstreamInvalid("it was nested too deep"));
    const parsed = schema.safeParse(body);
    return parsed.success ? ok(parsed.data) : err(upstreamInvalid(parsed.error.issues[0]?.path.join(".")));
  } catch (cause) {
    if (signal.aborted) return err(stopped());
    // A SyntaxError quotes the text it could not read, which is the model's and must not be logged.
    return err(upstreamInvalid(cause instanceof SyntaxError ? "it was no JSON" : cause));
  }
}
