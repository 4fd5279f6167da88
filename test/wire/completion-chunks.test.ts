// A completion as chunks: legal ones, which put together are the completion again.
import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { z } from "zod";
import { completionChunks, pieces } from "../../src/wire/completion-chunks.ts";
import { chatCompletionSchema, type ChatCompletion } from "../../src/wire/chat-completion.ts";

const text = z.string();
const deltaSchema = z.looseObject({
  content: text.nullish(),
  refusal: text.nullish(),
  reasoning_content: text.nullish(),
  tool_calls: z
    .array(z.looseObject({ index: z.int(), function: z.looseObject({ arguments: text.optional() }).optional() }))
    .optional(),
});
const chunkSchema = z.looseObject({
  object: z.literal("chat.completion.chunk"),
  id: text,
  model: text,
  created: z.int().optional(),
  choices: z.array(z.looseObject({ index: z.int(), delta: deltaSchema, finish_reason: text.nullable() })),
  usage: z.looseObject({}).nullish(),
});
type Chunk = z.infer<typeof chunkSchema>;
type Delta = z.infer<typeof deltaSchema>;

function chunksOf(completion: ChatCompletion, includeUsage = false): Chunk[] {
  return completionChunks(completion, includeUsage).map((chunk) => chunkSchema.parse(chunk));
}

/** Puts deltas together as clients do: texts are appended, tool calls by their index, the rest stands. */
function joined(deltas: readonly Delta[]): Record<string, unknown> {
  const message: Record<string, unknown> = {};
  const calls: (Record<string, unknown> & { function?: Record<string, unknown> | undefined })[] = [];
  for (const { tool_calls: parts, ...delta } of deltas) {
    for (const [key, value] of Object.entries(delta)) {
      const before = message[key];
      message[key] = typeof value === "string" && typeof before === "string" && key !== "role" ? before + value : value;
    }
    for (const { index, function: called, ...rest } of parts ?? []) {
      const before = calls[index];
      if (before === undefined) calls[index] = { ...rest, ...(called === undefined ? {} : { function: called }) };
      else
        before.function = {
          ...before.function,
          arguments: `${String(before.function?.["arguments"])}${called?.arguments ?? ""}`,
        };
    }
  }
  return { ...message, ...(calls.length > 0 ? { tool_calls: calls } : {}) };
}

function reassembled(chunks: readonly Chunk[]): unknown {
  const indexes = [...new Set(chunks.flatMap(({ choices }) => choices.map(({ index }) => index)))];
  const { id, model, created } = chunks[0] ?? {};
  return {
    id,
    model,
    created,
    choices: indexes.map((index) => {
      const own = chunks.flatMap(({ choices }) => choices.filter((choice) => choice.index === index));
      const { delta: _delta, ...first } = own[0] ?? { delta: {} };
      const { delta: _last, ...last } = own.at(-1) ?? { delta: {} };
      return { ...first, ...last, message: joined(own.map(({ delta }) => delta)) };
    }),
  };
}

const anyText = fc.oneof(
  fc.string({ unit: "binary", maxLength: 40 }),
  fc.string({ unit: "grapheme", minLength: 200, maxLength: 700 }),
);
const toolCall = fc.record({
  id: fc.string(),
  type: fc.constant("function"),
  function: fc.record({ name: fc.string(), arguments: anyText }),
});
const anyMessage = fc.record(
  {
    role: fc.constant("assistant"),
    content: fc.option(anyText, { nil: null }),
    refusal: anyText.filter((refusal) => refusal !== ""),
    reasoning_content: anyText.filter((reasoning) => reasoning !== ""),
    tool_calls: fc.array(toolCall, { minLength: 1, maxLength: 3 }),
    annotations: fc.jsonValue({ maxDepth: 2 }),
  },
  { requiredKeys: ["role", "content"] },
);
const anyCompletion = fc
  .array(
    fc.record({
      message: anyMessage,
      finish_reason: fc.constantFrom("stop", "length", "tool_calls", "content_filter"),
      logprobs: fc.constantFrom(null, { content: [{ token: "a", logprob: 0 }] }),
      setback: fc.constant({ action: "annotate", findings: [] }),
    }),
    { minLength: 1, maxLength: 3 },
  )
  .map((choices) =>
    chatCompletionSchema.parse({
      id: "chatcmpl-1",
      object: "chat.completion",
      created: 1,
      model: "m",
      choices: choices.map((choice, index) => ({ index, ...choice })),
      usage: { total_tokens: 7 },
    }),
  );

describe("completionChunks", () => {
  it("put together give the completion again", () => {
    fc.assert(
      fc.property(anyCompletion, (completion) => {
        const { id, model, created } = completion;
        const choices = completion.choices.map(({ logprobs, ...choice }) => ({
          ...choice,
          // Without log probabilities no chunk speaks of them.
          ...(logprobs === null ? {} : { logprobs }),
        }));
        expect(reassembled(chunksOf(completion))).toEqual({ id, model, created, choices });
      }),
    );
  });

  it("end each choice with an empty delta, and say its finish reason there alone", () => {
    fc.assert(
      fc.property(anyCompletion, (completion) => {
        for (const { index, finish_reason: reason } of completion.choices) {
          const own = chunksOf(completion).flatMap(({ choices }) => choices.filter((choice) => choice.index === index));
          expect(own.at(-1)).toMatchObject({ delta: {}, finish_reason: reason });
          expect(Object.keys(own.at(-1)?.delta ?? { a: 1 })).toEqual([]);
          expect(own.slice(0, -1).every(({ finish_reason }) => finish_reason === null)).toBe(true);
          expect(own[0]?.delta["role"]).toBe("assistant");
        }
      }),
    );
  });

  const completion = chatCompletionSchema.parse({
    id: "1",
    created: 1,
    model: "m",
    service_tier: "default",
    choices: [
      { index: 0, message: { role: "assistant", content: "" }, finish_reason: "content_filter", logprobs: null },
    ],
    usage: { total_tokens: 7 },
  });

  it("of a blocked choice hold no text", () => {
    expect(chunksOf(completion).map(({ choices }) => choices[0]?.delta)).toEqual([
      { role: "assistant", content: "" },
      {},
    ]);
  });

  it("carry the usage last and only where it was asked for", () => {
    expect(chunksOf(completion).every((chunk) => !("usage" in chunk))).toBe(true);
    const chunks = chunksOf(completion, true);
    expect(chunks.at(-1)).toMatchObject({ choices: [], usage: { total_tokens: 7 } });
    expect(chunks.slice(0, -1).every(({ usage }) => usage === null)).toBe(true);
  });

  it("carry what is unknown of the completion", () => {
    expect(chunksOf(completion).every((chunk) => chunk["service_tier"] === "default")).toBe(true);
  });

  it("begin with null where no text comes", () => {
    const call = { id: "1", type: "function", function: { name: "f", arguments: "{}" } };
    const calling = chatCompletionSchema.parse({
      ...completion,
      choices: [{ index: 0, message: { content: null, tool_calls: [call] }, finish_reason: "tool_calls" }],
    });
    expect(chunksOf(calling)[0]?.choices[0]?.delta).toEqual({ role: "assistant", content: null });
  });
});

describe("pieces", () => {
  it("never split a surrogate pair, and lose nothing", () => {
    fc.assert(
      fc.property(fc.string({ unit: "grapheme", maxLength: 80 }), fc.integer({ min: 2, max: 9 }), (whole, size) => {
        const parts = pieces(whole, size);
        expect(parts.join("")).toBe(whole);
        expect(parts.every((part) => part.length > 0 && part.length <= size && part.isWellFormed())).toBe(true);
      }),
    );
  });

  it("keep lone surrogates where they were", () => {
    const whole = "a\ud83d\ud83d\ude00\ude00b";
    expect(pieces(whole, 2).join("")).toBe(whole);
  });
});
