// Proves the wire of the local server with the real `openai` client, on a model whose answer is given.
import OpenAI from "openai";
import { describe, expect, it } from "vitest";
import { createModelServer } from "../../../local/model/http-server.ts";
import { FakeTextModel, catalogueOf, type FakeAnswer } from "../fakes/fake-text-model.ts";
import { listening } from "../fakes/listening.ts";

interface Served {
  readonly model: FakeTextModel;
  readonly client: OpenAI;
  readonly url: string;
  readonly logged: unknown[];
}

async function serve(
  answerTo: (seed: number) => FakeAnswer,
  options: { contextTokens?: number; mostWaiting?: number } = {},
): Promise<Served> {
  const model = new FakeTextModel(answerTo, options.contextTokens);
  const logged: unknown[] = [];
  const waiting = options.mostWaiting === undefined ? {} : { mostWaiting: options.mostWaiting };
  const server = createModelServer(catalogueOf(model), {
    parallel: 2,
    logError: (cause) => logged.push(cause),
    ...waiting,
  });
  const url = await listening(server);
  return { model, url, logged, client: new OpenAI({ baseURL: `${url}/v1`, apiKey: "none", maxRetries: 0 }) };
}

const unseeded = { model: "fake", messages: [{ role: "user" as const, content: "Hello" }] };
const hello = { ...unseeded, seed: 1 };
const says = (text: string) => (): FakeAnswer => ({ text });

describe("GET /v1/models", () => {
  it("lists what can be asked", async () => {
    const { client } = await serve(says("hi"));
    const models = [];
    for await (const model of client.models.list()) models.push(model);
    expect(models).toEqual([{ id: "fake", object: "model", created: 1, owned_by: "local" }]);
  });
});

describe("POST /v1/chat/completions", () => {
  it("answers with text, finish reason and usage", async () => {
    const { client } = await serve(says("Good day."));
    const completion = await client.chat.completions.create(hello);
    expect(completion.object).toBe("chat.completion");
    expect(completion.choices).toEqual([
      {
        index: 0,
        message: { role: "assistant", content: "Good day.", refusal: null },
        logprobs: null,
        finish_reason: "stop",
      },
    ]);
    expect(completion.usage).toEqual({ prompt_tokens: 11, completion_tokens: 9, total_tokens: 20 });
  });

  it("hands the client's messages to the model as they are: no system prompt of ours", async () => {
    const { client, model } = await serve(says("x"));
    await client.chat.completions.create({ ...hello, messages: [{ role: "system", content: "S" }, ...hello.messages] });
    expect(model.asked[0]?.messages).toEqual([
      { role: "system", content: "S" },
      { role: "user", content: "Hello" },
    ]);
  });

  it("stops at the token limit with length, and at a stop string with stop", async () => {
    const { client } = await serve(says("one two three"));
    const short = await client.chat.completions.create({ ...hello, max_completion_tokens: 3 });
    expect(short.choices[0]).toMatchObject({ message: { content: "one" }, finish_reason: "length" });
    const stopped = await client.chat.completions.create({ ...hello, stop: [" three"] });
    expect(stopped.choices[0]).toMatchObject({ message: { content: "one two" }, finish_reason: "stop" });
  });

  it("gives each of n choices a seed of its own, bounded at once", async () => {
    const { client, model } = await serve((seed) => ({ text: `seed ${seed}` }));
    const completion = await client.chat.completions.create({ ...hello, n: 5 });
    expect(completion.choices.map((choice) => choice.message.content)).toEqual(
      [1, 2, 3, 4, 5].map((seed) => `seed ${seed}`),
    );
    expect(model.mostRunning).toBe(2);
    expect(completion.usage?.completion_tokens).toBe(30);
  });

  it("draws a seed when there is none", async () => {
    const { client, model } = await serve(says("x"));
    for (let index = 0; index < 4; index += 1) await client.chat.completions.create(unseeded);
    expect(new Set(model.asked.map(({ sampling }) => sampling.seed)).size).toBeGreaterThan(1);
  });

  it("reports log-probabilities of the content's tokens only", async () => {
    const { client } = await serve(says("hi!END"));
    const completion = await client.chat.completions.create({ ...hello, stop: "END", logprobs: true, top_logprobs: 2 });
    const content = completion.choices[0]?.logprobs?.content ?? [];
    expect(content.map(({ token }) => token).join("")).toBe("hi!");
    expect(content[0]).toEqual({
      token: "h",
      logprob: -1,
      bytes: [104],
      top_logprobs: [
        { token: "a", logprob: -1, bytes: [97] },
        { token: "b", logprob: -2, bytes: [98] },
      ],
    });
  });

  it("ends a JSON answer once it is whole", async () => {
    const { client } = await serve(says('{"a": 1}          and more'));
    const completion = await client.chat.completions.create({ ...hello, response_format: { type: "json_object" } });
    expect(completion.choices[0]).toMatchObject({ message: { content: '{"a": 1}' }, finish_reason: "stop" });
  });

  it("never goes beyond the model's context", async () => {
    const { client } = await serve(says("a".repeat(100)), { contextTokens: 20 });
    const completion = await client.chat.completions.create(hello);
    expect(completion.choices[0]).toMatchObject({ message: { content: "a".repeat(9) }, finish_reason: "length" });
    const long = client.chat.completions.create({ ...hello, messages: [{ role: "user", content: "b".repeat(20) }] });
    await expect(long).rejects.toMatchObject({ status: 400, code: "context_length_exceeded", param: "messages" });
  });
});

describe("stream: true", () => {
  it("carries the text and the usage of the JSON answer in legal chunks", async () => {
    const { client } = await serve((seed) => ({ text: `größe ${seed}` }));
    const stream = await client.chat.completions.create({
      ...hello,
      n: 2,
      stream: true,
      stream_options: { include_usage: true },
    });
    const texts = new Map<number, string>();
    const finishes: string[] = [];
    const roles: string[] = [];
    let usage: unknown = null;
    for await (const chunk of stream) {
      expect(chunk.object).toBe("chat.completion.chunk");
      for (const choice of chunk.choices) {
        texts.set(choice.index, (texts.get(choice.index) ?? "") + (choice.delta.content ?? ""));
        if (choice.delta.role !== undefined) roles.push(choice.delta.role);
        if (choice.finish_reason !== null) finishes.push(choice.finish_reason);
      }
      usage = chunk.usage ?? usage;
    }
    expect([texts.get(0), texts.get(1)]).toEqual(["größe 1", "größe 2"]);
    expect(finishes).toEqual(["stop", "stop"]);
    expect(roles).toEqual(["assistant", "assistant"]);
    expect(usage).toEqual({ prompt_tokens: 11, completion_tokens: 14, total_tokens: 25 });
  });

  it("ends with [DONE] as server-sent events", async () => {
    const { url } = await serve(says("hi"));
    const response = await fetch(`${url}/v1/chat/completions`, {
      method: "POST",
      body: JSON.stringify({ ...hello, stream: true }),
    });
    expect(response.headers.get("content-type")).toContain("text/event-stream");
    const events = (await response.text()).split("\n\n");
    expect(events.at(-2)).toBe("data: [DONE]");
    expect(events.slice(0, -1).every((event) => event.startsWith("data: "))).toBe(true);
  });

  it("carries an empty answer too", async () => {
    const { client } = await serve(says(""));
    const chunks = [];
    for await (const chunk of await client.chat.completions.create({ ...hello, stream: true }))
      chunks.push(chunk.choices[0]);
    expect(chunks.map((choice) => choice?.finish_reason)).toEqual([null, "stop"]);
  });

  it("tells a failure after the first byte as an event", async () => {
    const { client, logged } = await serve(() => ({ text: "abcdef", failsAfter: 3 }));
    const read = async (): Promise<void> => {
      for await (const { id } of await client.chat.completions.create({ ...hello, stream: true }))
        expect(id).not.toBe("");
    };
    await expect(read()).rejects.toThrow("The local model failed.");
    expect(logged).toHaveLength(1);
  });

  it("stops the model when the client leaves", async () => {
    const { client, model } = await serve(says("a".repeat(100_000)), { contextTokens: 200_000 });
    const stream = await client.chat.completions.create({ ...hello, max_completion_tokens: 100_000, stream: true });
    for await (const chunk of stream) if (chunk.choices[0]?.delta.content !== "") break;
    await expect.poll(() => model.running).toBe(0);
    expect(model.written).toBeLessThan(100_000);
  });
});

describe("what can't be served", () => {
  const post = async (
    url: string,
    body: string,
    path = "/v1/chat/completions",
  ): Promise<{ status: number; body: unknown }> => {
    const response = await fetch(`${url}${path}`, { method: "POST", body });
    return { status: response.status, body: await response.json() };
  };

  it.each([
    ["malformed JSON", "{", 400, "invalid_json", null],
    ["a wrong type", JSON.stringify({ ...hello, messages: "Hello" }), 400, "invalid_value", "messages"],
    ["an unknown model", JSON.stringify({ ...hello, model: "other" }), 404, "model_not_found", "model"],
    ["too large a body", `"${"x".repeat(20 * 1024 * 1024)}"`, 413, "request_too_large", null],
  ])("answers %s with OpenAI's error object", async (_, body, status, code, param) => {
    const { url } = await serve(says("x"));
    const reply = await post(url, body);
    expect(reply.status).toBe(status);
    expect(reply.body).toMatchObject({ error: { type: "invalid_request_error", param, code } });
    expect(reply.body).toHaveProperty("error.message");
  });

  it("has nothing on other routes", async () => {
    const { url } = await serve(says("x"));
    expect(await post(url, "{}", "/v1/embeddings")).toMatchObject({
      status: 404,
      body: { error: { code: "not_found", param: null } },
    });
  });

  it("keeps the cause of a failure to itself", async () => {
    const { url, logged } = await serve(() => ({ text: "abc", failsAfter: 0 }));
    const reply = await post(url, JSON.stringify(hello));
    expect(reply).toMatchObject({ status: 500, body: { error: { type: "server_error", code: "internal_error" } } });
    expect(JSON.stringify(reply.body)).not.toContain("broke");
    expect(logged).toHaveLength(1);
  });

  it("says when too many wait", async () => {
    const { url } = await serve(says("a".repeat(50)), { mostWaiting: 1 });
    const replies = await Promise.all(Array.from({ length: 6 }, async () => await post(url, JSON.stringify(hello))));
    const statuses = replies.map(({ status }) => status);
    expect(statuses.filter((status) => status === 200).length).toBeGreaterThanOrEqual(3);
    expect(statuses).toContain(503);
  });
});

describe("POST /v1/score", () => {
  it("says how likely a continuation was", async () => {
    const { url } = await serve(says("x"));
    const response = await fetch(`${url}/v1/score`, {
      method: "POST",
      body: JSON.stringify({ ...hello, continuation: "abc" }),
    });
    expect(await response.json()).toEqual({
      object: "score",
      model: "fake",
      tokens: ["a", "b", "c"],
      logprobs: [-1, -2, -3],
      sum: -6,
      usage: { prompt_tokens: 11, continuation_tokens: 3 },
    });
  });

  it("refuses a continuation beyond the context", async () => {
    const { url } = await serve(says("x"), { contextTokens: 20 });
    const response = await fetch(`${url}/v1/score`, {
      method: "POST",
      body: JSON.stringify({ ...hello, continuation: "a".repeat(10) }),
    });
    expect(response.status).toBe(400);
  });
});
