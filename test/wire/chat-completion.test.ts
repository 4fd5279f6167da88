// What we read of OpenAI's chat completions, and what merely passes.
import { describe, expect, it } from "vitest";
import { chatCompletionSchema, chatRequestSchema, modelListSchema } from "../../src/wire/chat-completion.ts";

const messages = [{ role: "user", content: "Hi" }];

describe("chatRequestSchema", () => {
  it("passes unknown fields on every level untouched", () => {
    const request = {
      model: "m",
      messages: [
        { role: "system", content: "Be brief.", name: "shop", cache_control: { type: "ephemeral" } },
        { role: "user", content: [{ type: "image_url", image_url: { url: "data:," }, priority: 1 }] },
        { role: "assistant", content: null, tool_calls: [{ id: "1", type: "custom", custom: { input: "x" } }] },
      ],
      stream_options: { include_usage: true, more: [1] },
      top_k: 40,
      metadata: { a: { b: null } },
    };
    expect(chatRequestSchema.parse(request)).toEqual(request);
  });

  it.each([
    ["no messages", { messages: [] }],
    ["messages that are no list", { messages: "Hi" }],
    ["an unknown role", { messages: [{ role: "narrator", content: "Hi" }] }],
    ["content that is a number", { messages: [{ role: "user", content: 7 }] }],
    ["a part without a type", { messages: [{ role: "user", content: [{ text: "Hi" }] }] }],
    ["n of nothing", { messages, n: 0 }],
    ["n beyond OpenAI's", { messages, n: 129 }],
    ["a stream that is a text", { messages, stream: "true" }],
    ["a store that is a text", { messages, store: "false" }],
    ["an empty model", { messages, model: "" }],
    ["a list", [messages]],
    ["null", null],
  ])("refuses %s", (_name, body) => {
    expect(chatRequestSchema.safeParse(body).success).toBe(false);
  });
});

describe("chatCompletionSchema", () => {
  const completion = { id: "1", model: "m", choices: [{ index: 0, message: { content: "Hi" } }] };

  it("fills in what servers leave out", () => {
    const parsed = chatCompletionSchema.parse(completion);
    expect(parsed.object).toBe("chat.completion");
    expect(parsed.choices[0]?.message.role).toBe("assistant");
  });

  it("passes unknown fields untouched", () => {
    const rich = {
      ...completion,
      object: "chat.completion",
      created: 1,
      service_tier: "default",
      choices: [
        { index: 0, message: { role: "assistant", content: "Hi", annotations: [] }, stop_reason: null, logprobs: null },
      ],
      usage: { total_tokens: 1, prompt_tokens_details: { cached_tokens: 0 } },
    };
    expect(chatCompletionSchema.parse(rich)).toEqual(rich);
  });

  it.each([
    ["no choices", { ...completion, choices: [] }],
    ["an error object", { error: { message: "no" } }],
    ["a text", "Hi"],
    ["content that is an object", { ...completion, choices: [{ index: 0, message: { content: {} } }] }],
    ["a choice without a message", { ...completion, choices: [{ index: 0 }] }],
  ])("refuses %s", (_name, body) => {
    expect(chatCompletionSchema.safeParse(body).success).toBe(false);
  });
});

describe("modelListSchema", () => {
  it("passes what servers tell of their models", () => {
    const list = { object: "list", data: [{ id: "m", object: "model", meta: { size: 1 } }] };
    expect(modelListSchema.parse(list)).toEqual(list);
    expect(modelListSchema.safeParse({ data: [{}] }).success).toBe(false);
  });
});
