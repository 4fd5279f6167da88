// Streams of Workers AI in the shape its documentation publishes (developers.cloudflare.com/workers-ai/features/streaming).
// Not run against the real service.
import { describe, expect, it } from "vitest";
import { z } from "zod";
import { WorkersAiChatModel, type WorkersAi } from "../../../src/adapters/workers-ai/workers-ai-chat-model.ts";
import type { StreamRead } from "../../../src/model/chat-model.ts";
import type { ChatRequest } from "../../../src/wire/chat-completion.ts";
import { chunkOf, eventText, scriptedBody, type Then } from "../../setup/event-stream.ts";

const REQUEST: ChatRequest = { model: "m", messages: [{ role: "user", content: "Hi" }], stream: true };

const chunkSchema = z.looseObject({
  id: z.literal("chatcmpl_1"),
  object: z.literal("chat.completion.chunk"),
  created: z.literal(1_700_000_000),
  model: z.literal("m"),
  choices: z.array(z.looseObject({})),
});

function bindingOf(answer: unknown): WorkersAi & { readonly inputs: object[] } {
  const inputs: object[] = [];
  return {
    inputs,
    run: async (_model, given) => {
      inputs.push(given);
      return await Promise.resolve(answer);
    },
  };
}

async function readAll(binding: WorkersAi, signal = new AbortController().signal): Promise<readonly StreamRead[]> {
  const model = new WorkersAiChatModel({
    binding,
    model: "m",
    timeoutMilliseconds: 1_000,
    idleMilliseconds: 40,
    clock: () => 1_700_000_000_999,
    makeId: (prefix) => `${prefix}_1`,
  });
  const stream = await model.stream(REQUEST, signal);
  if (!stream.ok) return [{ kind: "failed", problem: stream.error }];
  const reads: StreamRead[] = [];
  for (;;) {
    const read = await stream.value.read();
    reads.push(read);
    if (read.kind !== "events") return reads;
  }
}

async function streamed(payloads: readonly (object | string)[], then: Then = "end"): Promise<readonly StreamRead[]> {
  return await readAll(bindingOf(scriptedBody([eventText(...payloads)], then).body));
}

/** The choices of every chunk, and the usage of the last. */
function choicesOf(reads: readonly StreamRead[]): readonly unknown[] {
  return reads
    .flatMap((read) => (read.kind === "events" ? read.data : []))
    .map((text) => chunkSchema.parse(JSON.parse(text)))
    .map(({ choices, usage }) => (usage === undefined ? choices[0] : usage));
}

const usage = { prompt_tokens: 1, completion_tokens: 2, total_tokens: 3 };

describe("a stream of Workers AI", () => {
  it("is asked for", async () => {
    const binding = bindingOf(scriptedBody([eventText({ response: "a" }, "[DONE]")]).body);
    await readAll(binding);
    expect(binding.inputs).toEqual([{ messages: REQUEST.messages, stream: true }]);
  });

  it("becomes OpenAI's chunks, with a reason to end and the usage", async () => {
    const reads = await streamed([{ response: "The", p: "abc" }, { response: 42 }, { response: "", usage }, "[DONE]"]);
    expect(choicesOf(reads)).toEqual([
      { index: 0, delta: { role: "assistant", content: "The" }, finish_reason: null },
      { index: 0, delta: { content: "42" }, finish_reason: null },
      { index: 0, delta: { content: "" }, finish_reason: null },
      { index: 0, delta: {}, finish_reason: "stop" },
      usage,
    ]);
    expect(reads.at(-1)).toEqual({ kind: "end", isDone: true });
  });

  it("wakes nobody for an event of the usage alone", async () => {
    const pieces = [eventText({ response: "a" }), eventText({ usage }), eventText("[DONE]")];
    const reads = await readAll(bindingOf(scriptedBody(pieces).body));
    expect(reads.map((read) => (read.kind === "events" ? read.data.length : read.kind))).toEqual([1, 2, "end"]);
    expect(choicesOf(reads).at(-1)).toEqual(usage);
  });

  it("carries tool calls", async () => {
    const reads = await streamed([{ tool_calls: [{ name: "weather", arguments: { city: "Bern" } }] }, "[DONE]"]);
    const call = {
      index: 0,
      id: "call_0",
      type: "function",
      function: { name: "weather", arguments: '{"city":"Bern"}' },
    };
    expect(choicesOf(reads)).toEqual([
      { index: 0, delta: { tool_calls: [call] }, finish_reason: null },
      { index: 0, delta: {}, finish_reason: "tool_calls" },
    ]);
  });

  it("passes chunks that are OpenAI's already, and what can't be read", async () => {
    const payloads = [chunkOf("Hello."), "{", { error: { message: "no" } }];
    const reads = await streamed([...payloads, "[DONE]"]);
    expect(reads).toEqual([
      { kind: "events", data: payloads.map((each) => (typeof each === "string" ? each : JSON.stringify(each))) },
      { kind: "end", isDone: true },
    ]);
  });

  it.each<[Then, object]>([
    ["end", { kind: "end", isDone: false }],
    ["stall", { kind: "failed", problem: { code: "upstream_timeout" } }],
    ["reset", { kind: "failed", problem: { code: "upstream_broke_off" } }],
  ])("that breaks off (%s) gets no reason to end", async (then, last) => {
    const reads = await streamed([{ response: "a" }], then);
    expect(choicesOf(reads)).toHaveLength(1);
    expect(reads.at(-1)).toMatchObject(last);
  });

  it("is a whole answer where the model knows no streams", async () => {
    const reads = await readAll(bindingOf({ response: "Hello.", usage }));
    expect(JSON.stringify(reads[0])).toContain("Hello.");
    expect(reads.at(-1)).toEqual({ kind: "end", isDone: true });
  });

  it("is a problem where the binding refuses, or sends no event", async () => {
    const refusing: WorkersAi = { run: async () => await Promise.reject(new Error("3040")) };
    expect(await readAll(refusing)).toMatchObject([{ problem: { code: "upstream_unavailable" } }]);
    expect(await streamed([])).toMatchObject([{ problem: { code: "upstream_invalid_response" } }]);
  });

  it("is stopped when the client goes", async () => {
    const client = new AbortController();
    const script = scriptedBody([eventText({ response: "a" })], "stall");
    setTimeout(() => {
      client.abort();
    }, 10);
    const reads = await readAll(bindingOf(script.body), client.signal);
    expect(reads.at(-1)).toMatchObject({ problem: { code: "client_closed_request" } });
    expect(script.cancelledAt()).not.toBeNull();
  });
});
