// A scripted model server beneath the real HTTP adapter: tests say what it answers, and read what it was sent.
import { chatRequestSchema, type ChatRequest } from "../../src/wire/chat-completion.ts";

export const UPSTREAM_URL = "http://upstream.test/v1";

export type Answer = (request: ChatRequest, signal: AbortSignal) => Response | Promise<Response>;

/** A whole completion with one choice a message. */
export function completionOf(...messages: readonly object[]): object {
  return {
    id: "chatcmpl-upstream",
    object: "chat.completion",
    created: 1_700_000_000,
    model: "stub-model",
    choices: messages.map((message, index) => ({
      index,
      message: { role: "assistant", ...message },
      finish_reason: "stop",
      logprobs: null,
    })),
    usage: { prompt_tokens: 3, completion_tokens: 4, total_tokens: 7 },
  };
}

export function says(...texts: readonly string[]): Answer {
  return () => Response.json(completionOf(...texts.map((content) => ({ content }))));
}

export interface Upstream {
  readonly fetch: typeof fetch;
  /** every chat request that arrived, parsed */
  readonly requests: ChatRequest[];
  /** the headers of every request, models included */
  readonly headers: Headers[];
}

/** Answers come in order; the last one stays. */
export function scriptedUpstream(...answers: readonly Answer[]): Upstream {
  const requests: ChatRequest[] = [];
  const headers: Headers[] = [];
  return {
    requests,
    headers,
    fetch: async (input, init) => {
      const request = new Request(input, init);
      headers.push(request.headers);
      if (new URL(request.url).pathname.endsWith("/models")) {
        return Response.json({ object: "list", data: [{ id: "stub-model", object: "model" }] });
      }
      const parsed = chatRequestSchema.parse(await request.json());
      requests.push(parsed);
      const answer = answers[Math.min(requests.length, answers.length) - 1];
      if (answer === undefined) throw new Error("the scripted upstream has no answer");
      return await answer(parsed, init?.signal ?? new AbortController().signal);
    },
  };
}
