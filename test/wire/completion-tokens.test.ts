// Token counts of whatever an upstream calls its usage: its own count, else an estimate, never nothing.
import { describe, expect, it } from "vitest";
import { completionTokens, estimatedTokens, ownCallTokens } from "../../src/wire/completion-tokens.ts";

const TEXTS = { prompt: () => ["12345678"], completion: () => ["123"] };

describe("completionTokens", () => {
  it.each([
    [{ prompt_tokens: 70, completion_tokens: 0, total_tokens: 70 }, 70, 0],
    [{ prompt_tokens: 70 }, 70, 1],
    [{ prompt_tokens: "70", completion_tokens: 4 }, 2, 4],
    [{ prompt_tokens: -1, completion_tokens: 1.5 }, 2, 1],
    [{}, 2, 1],
    [null, 2, 1],
    [undefined, 2, 1],
    ["7", 2, 1],
  ])("%j counts %d and %d", (usage, prompt, completion) => {
    expect(completionTokens(usage, TEXTS)).toEqual({ promptTokens: prompt, completionTokens: completion });
  });

  it("asks for no text where both are counted", () => {
    const never = (): never => {
      throw new Error("asked for a text");
    };
    const usage = { prompt_tokens: 1, completion_tokens: 2 };
    expect(completionTokens(usage, { prompt: never, completion: never })).toEqual({
      promptTokens: 1,
      completionTokens: 2,
    });
  });
});

it("estimates four characters a token, over all texts", () => {
  expect(estimatedTokens([])).toBe(0);
  expect(estimatedTokens(["123", "45"])).toBe(2);
});

it("estimates a call of our own from its contents", () => {
  const request = { messages: [{ role: "user" as const, content: "12345678" }] };
  const choices = [{ index: 0, message: { role: "assistant", content: "123" } }];
  expect(ownCallTokens(request, { usage: undefined, choices })).toEqual({ promptTokens: 2, completionTokens: 1 });
});
