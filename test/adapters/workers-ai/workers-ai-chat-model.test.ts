// The chat model on Workers AI, on the shapes that its documentation publishes
// (developers.cloudflare.com/workers-ai/models, /workers-ai/features/function-calling, /features/json-mode).
import { describe, expect, it } from "vitest";
import { WorkersAiChatModel, type WorkersAi } from "../../../src/adapters/workers-ai/workers-ai-chat-model.ts";
import type { ChatRequest } from "../../../src/wire/chat-completion.ts";
import { completionOf } from "../../setup/upstream.ts";

const MODEL = "@cf/meta/llama-3.1-8b-instruct-fast";
const REQUEST: ChatRequest = { model: MODEL, messages: [{ role: "user", content: "Hi" }], temperature: 0 };
const { signal } = new AbortController();

function modelOver(binding: WorkersAi | null, timeoutMilliseconds = 1_000): WorkersAiChatModel {
  return new WorkersAiChatModel({
    binding,
    model: MODEL,
    timeoutMilliseconds,
    idleMilliseconds: 1_000,
    clock: () => 1_700_000_000_999,
    makeId: (prefix) => `${prefix}_1`,
  });
}

function answering(answer: unknown): WorkersAi & { readonly ran: [string, object][] } {
  const ran: [string, object][] = [];
  return {
    ran,
    run: async (model, inputs) => {
      ran.push([model, inputs]);
      return await Promise.resolve(answer);
    },
  };
}

describe("WorkersAiChatModel", () => {
  it("runs the model with everything but what belongs to OpenAI's wire", async () => {
    const binding = answering({ response: "Hello." });
    const request = { ...REQUEST, n: 1, stream: true, stream_options: { include_usage: true } };
    await modelOver(binding).complete(request, signal);
    expect(binding.ran).toEqual([[MODEL, { messages: REQUEST.messages, temperature: 0 }]]);
  });

  it("passes a chat completion as it is", async () => {
    const completion = completionOf({ content: "Hello." });
    await expect(modelOver(answering(completion)).complete(REQUEST, signal)).resolves.toEqual({
      ok: true,
      value: completion,
    });
  });

  const calls = [{ name: "weather", arguments: { city: "Bern" } }];
  const toolCalls = [{ id: "call_0", type: "function", function: { name: "weather", arguments: '{"city":"Bern"}' } }];
  it.each<[string, object, object]>([
    ["a text", { response: "Hello." }, { message: { role: "assistant", content: "Hello." }, finish_reason: "stop" }],
    ["an empty text", { response: "" }, { message: { role: "assistant", content: "" }, finish_reason: "stop" }],
    [
      "JSON mode",
      { response: { a: 1 } },
      { message: { role: "assistant", content: '{"a":1}' }, finish_reason: "stop" },
    ],
    [
      "tool calls",
      { response: null, tool_calls: calls },
      { message: { role: "assistant", content: null, tool_calls: toolCalls }, finish_reason: "tool_calls" },
    ],
    [
      "no tool calls",
      { response: "Hello.", tool_calls: [] },
      { message: { role: "assistant", content: "Hello." }, finish_reason: "stop" },
    ],
  ])("makes a completion of %s", async (_name, answer, choice) => {
    const usage = { prompt_tokens: 1, completion_tokens: 2, total_tokens: 3 };
    await expect(modelOver(answering({ ...answer, usage })).complete(REQUEST, signal)).resolves.toEqual({
      ok: true,
      value: {
        id: "chatcmpl_1",
        object: "chat.completion",
        created: 1_700_000_000,
        model: MODEL,
        choices: [{ index: 0, ...choice }],
        usage,
      },
    });
  });

  it.each([null, "Hello.", {}, { response: null }, { response: 7 }, { choices: [] }])(
    "is 502 where it answers %j",
    async (answer) => {
      await expect(modelOver(answering(answer)).complete(REQUEST, signal)).resolves.toMatchObject({
        ok: false,
        error: { status: 502, code: "upstream_invalid_response" },
      });
    },
  );

  const rejecting: WorkersAi = { run: async () => await Promise.reject(new Error("3040: Capacity exceeded")) };
  const hanging: WorkersAi = { run: async () => await new Promise(() => undefined) };
  it.each([
    ["a missing binding", null, 503, "upstream_unavailable"],
    ["a binding that rejects", rejecting, 503, "upstream_unavailable"],
    ["a binding that hangs", hanging, 504, "upstream_timeout"],
  ])("is unavailable with %s", async (_name, binding, status, code) => {
    await expect(modelOver(binding, 20).complete(REQUEST, signal)).resolves.toMatchObject({
      ok: false,
      error: { status, code, headers: { "x-should-retry": "false" } },
    });
  });

  it("refuses more than one choice instead of giving fewer", async () => {
    const binding = answering({ response: "Hello." });
    await expect(modelOver(binding).complete({ ...REQUEST, n: 2 }, signal)).resolves.toMatchObject({
      ok: false,
      error: { status: 400, type: "invalid_request_error", param: "n" },
    });
    expect(binding.ran).toEqual([]);
  });

  it("keeps no answer for a client that went away", async () => {
    const client = new AbortController();
    const binding: WorkersAi = {
      run: async () => {
        client.abort();
        return await Promise.resolve({ response: "Hello." });
      },
    };
    await expect(modelOver(binding).complete(REQUEST, client.signal)).resolves.toMatchObject({
      ok: false,
      error: { code: "client_closed_request" },
    });
  });

  it("lists its one model", async () => {
    await expect(modelOver(null).models()).resolves.toMatchObject({
      value: { data: [{ id: MODEL, object: "model" }] },
    });
  });
});
