// Token counts of whatever an upstream calls its usage.
import { expect, it } from "vitest";
import { tokensOf } from "../../src/wire/completion-tokens.ts";

it.each([
  [{ prompt_tokens: 3, completion_tokens: 4, total_tokens: 7 }, 3, 4],
  [{ prompt_tokens: 3 }, 3, 0],
  [{ prompt_tokens: "3", completion_tokens: 4 }, 0, 4],
  [{}, 0, 0],
  [null, 0, 0],
  [undefined, 0, 0],
  ["7", 0, 0],
])("%j has %d and %d", (usage, promptTokens, completionTokens) => {
  expect(tokensOf(usage)).toEqual({ promptTokens, completionTokens });
});
