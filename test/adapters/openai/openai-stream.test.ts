// Streams over HTTP: what is asked for, what is tried again before the first event, and what other servers answer.
import { describe, expect, it } from "vitest";
import { OpenAIChatModel, type OpenAIChatModelOptions } from "../../../src/adapters/openai/openai-chat-model.ts";
import type { Result } from "../../../src/lib/result.ts";
import type { ChatStream, StreamRead } from "../../../src/model/chat-model.ts";
import type { Problem } from "../../../src/problem.ts";
import type { ChatRequest } from "../../../src/wire/chat-completion.ts";
import { chunkOf, eventText, scriptedBody, streams } from "../../setup/event-stream.ts";
import { completionOf, scriptedUpstream, UPSTREAM_URL, type Answer, type Upstream } from "../../setup/upstream.ts";

const REQUEST: ChatRequest = { model: "m", messages: [{ role: "user", content: "Hi" }], stream: true };
const GOOD: Answer = () => streams(scriptedBody([eventText(chunkOf("Hello."), "[DONE]")]))(REQUEST, never());
const OFFLINE: Answer = () => {
  throw new TypeError("connection refused");
};
const STALLED: Answer = () => streams(scriptedBody([": wait\n\n"], "stall"))(REQUEST, never());

function never(): AbortSignal {
  return new AbortController().signal;
}

const status =
  (code: number): Answer =>
  () =>
    Response.json({ error: { message: "no" } }, { status: code });

async function streamed(
  upstream: Upstream,
  options: Partial<OpenAIChatModelOptions> = {},
  signal = never(),
): Promise<Result<ChatStream, Problem>> {
  const model = new OpenAIChatModel({
    url: UPSTREAM_URL,
    key: null,
    timeoutMilliseconds: 5_000,
    attemptTimeoutMilliseconds: 5_000,
    idleMilliseconds: 5_000,
    attempts: 3,
    random: () => 0,
    fetch: upstream.fetch,
    ...options,
  });
  return await model.stream(REQUEST, signal);
}

async function firstRead(stream: Result<ChatStream, Problem>): Promise<StreamRead | string> {
  return stream.ok ? await stream.value.read() : stream.error.code;
}

const HELLO = { kind: "events", data: [JSON.stringify(chunkOf("Hello."))] };

describe("what is sent", () => {
  it("asks for a stream with its usage, whatever else its options say", async () => {
    const upstream = scriptedUpstream(GOOD);
    const model = new OpenAIChatModel({
      url: UPSTREAM_URL,
      key: "k",
      timeoutMilliseconds: 5_000,
      attemptTimeoutMilliseconds: 5_000,
      idleMilliseconds: 5_000,
      attempts: 1,
      random: () => 0,
      fetch: upstream.fetch,
    });
    const options = { include_usage: false, include_obfuscation: false };
    await model.stream({ ...REQUEST, stream: false, stream_options: options, top_k: 4 }, never());
    await model.stream({ messages: REQUEST.messages }, never());
    expect(upstream.requests).toEqual([
      { ...REQUEST, stream: true, stream_options: { include_usage: true, include_obfuscation: false }, top_k: 4 },
      { messages: REQUEST.messages, stream: true, stream_options: { include_usage: true } },
    ]);
    expect(upstream.headers[0]?.get("accept")).toBe("text/event-stream");
    expect(upstream.headers[0]?.get("authorization")).toBe("Bearer k");
  });
});

describe("before the first event", () => {
  it.each<[string, Answer[], number, object | string]>([
    ["a stream", [GOOD], 1, HELLO],
    ["503, then a stream", [status(503), GOOD], 2, HELLO],
    ["a network error, then a stream", [OFFLINE, GOOD], 2, HELLO],
    ["a reset connection, then a stream", [() => streams(scriptedBody([], "reset"))(REQUEST, never()), GOOD], 2, HELLO],
    ["400", [status(400), GOOD], 1, "upstream_error"],
    ["a page", [() => new Response("<html></html>"), GOOD], 1, "upstream_invalid_response"],
    ["an empty body", [() => new Response(""), GOOD], 1, "upstream_invalid_response"],
    ["no body", [() => new Response(null), GOOD], 1, "upstream_invalid_response"],
    ["nothing but [DONE]", [() => new Response("data: [DONE]\n\n"), GOOD], 1, "upstream_invalid_response"],
    [
      "a broken JSON",
      [() => new Response("{", { headers: { "content-type": "application/json" } })],
      1,
      "upstream_invalid_response",
    ],
  ])("%s is as expected", async (_name, answers, calls, expected) => {
    const upstream = scriptedUpstream(...answers);
    expect(await firstRead(await streamed(upstream))).toEqual(expected);
    expect(upstream.requests).toHaveLength(calls);
  });

  it("gives up an attempt that sends no event in its time, and tries again", async () => {
    const upstream = scriptedUpstream(STALLED, GOOD);
    expect(await firstRead(await streamed(upstream, { attemptTimeoutMilliseconds: 40 }))).toEqual(HELLO);
    expect(upstream.requests).toHaveLength(2);
  });

  it("gives up when the whole time is over", async () => {
    const upstream = scriptedUpstream(STALLED);
    const result = await streamed(upstream, { attemptTimeoutMilliseconds: 40, timeoutMilliseconds: 60 });
    expect(result).toMatchObject({ ok: false, error: { status: 504, code: "upstream_timeout" } });
    expect(upstream.requests).toHaveLength(2);
  });

  it("lets the server go that it gave up", async () => {
    const script = scriptedBody([], "stall");
    await streamed(scriptedUpstream(streams(script)), { timeoutMilliseconds: 40 });
    expect(script.cancelledAt()).not.toBeNull();
  });

  it("ends with its client", async () => {
    const client = new AbortController();
    const script = scriptedBody([], "stall");
    const upstream = scriptedUpstream(streams(script));
    const waiting = streamed(upstream, {}, client.signal);
    await expect.poll(() => upstream.requests.length).toBe(1);
    const before = Date.now();
    client.abort();
    expect(await firstRead(await waiting)).toBe("client_closed_request");
    expect((script.cancelledAt() ?? Infinity) - before).toBeLessThan(100);
    expect(upstream.requests).toHaveLength(1);
  });
});

describe("after the first event", () => {
  it("no deadline but that of silence ends a stream, and nothing is tried again", async () => {
    const script = scriptedBody([eventText(chunkOf("Hello."))], "stall");
    const upstream = scriptedUpstream(streams(script), GOOD);
    const limits = { timeoutMilliseconds: 50, attemptTimeoutMilliseconds: 50, idleMilliseconds: 300 };
    const stream = await streamed(upstream, limits);
    expect(await firstRead(stream)).toEqual(HELLO);
    const before = Date.now();
    expect(await firstRead(stream)).toMatchObject({ kind: "failed", problem: { code: "upstream_timeout" } });
    expect(Date.now() - before).toBeGreaterThan(250);
    expect(upstream.requests).toHaveLength(1);
  });

  it("the client's going stops the server within 100 ms", async () => {
    const client = new AbortController();
    const script = scriptedBody([eventText(chunkOf("Hello."))], "stall");
    const stream = await streamed(scriptedUpstream(streams(script)), {}, client.signal);
    await firstRead(stream);
    const waiting = firstRead(stream);
    const before = Date.now();
    client.abort();
    expect(await waiting).toMatchObject({ kind: "failed", problem: { code: "client_closed_request" } });
    expect((script.cancelledAt() ?? Infinity) - before).toBeLessThan(100);
  });

  it("a cancelled stream gives no more, not even what it holds", async () => {
    const script = scriptedBody([eventText(chunkOf("Hello."))], "stall");
    const stream = await streamed(scriptedUpstream(streams(script)));
    if (stream.ok) await stream.value.cancel();
    expect(await firstRead(stream)).toEqual({ kind: "end", isDone: false });
    expect(script.cancelledAt()).not.toBeNull();
  });
});

describe("a server without streams", () => {
  it.each(["application/json", "application/json; charset=utf-8", "application/problem+json"])(
    "is read whole where it answers %s",
    async (type) => {
      const answer: Answer = () =>
        new Response(JSON.stringify(completionOf({ content: "Hello." })), { headers: { "content-type": type } });
      const stream = await streamed(scriptedUpstream(answer));
      const read = await firstRead(stream);
      expect(JSON.stringify(read)).toContain("Hello.");
      expect(JSON.stringify(read)).toContain("total_tokens");
      expect(await firstRead(stream)).toEqual({ kind: "end", isDone: true });
    },
  );
});
