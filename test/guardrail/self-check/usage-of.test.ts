// What a call of the judge cost: the server's count, else an estimate; never nothing.
import { expect, it } from "vitest";
import { usageOf } from "../../../src/guardrail/self-check/usage-of.ts";
import type { ChatRequest } from "../../../src/wire/chat-completion.ts";

const request: ChatRequest = { messages: [{ role: "user", content: "12345678" }] };
const completion = {
  id: "c",
  object: "chat.completion",
  model: "m",
  choices: [{ index: 0, message: { role: "assistant", content: "123" } }],
} as const;

it.each<[string, { readonly usage?: object }, number, number]>([
  ["as the server counts it", { usage: { prompt_tokens: 70, completion_tokens: 0 } }, 70, 0],
  ["estimated without a count", {}, 2, 1],
  ["estimated from a count that is none", { usage: { prompt_tokens: -1, completion_tokens: "7" } }, 2, 1],
])("is %s", (_, counted, promptTokens, completionTokens) => {
  const usage = counted.usage === undefined ? {} : { usage: { ...counted.usage } };
  expect(usageOf(request, { ...completion, choices: [...completion.choices], ...usage })).toEqual({
    model: "m",
    promptTokens,
    completionTokens,
  });
});
