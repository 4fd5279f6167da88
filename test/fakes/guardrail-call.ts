// What a slow guardrail is called with in tests.
import type { GuardrailCall, TokenUsage } from "../../src/guardrail/guardrail.ts";
import type { ChatModel } from "../../src/model/chat-model.ts";

export function callOf(
  model: ChatModel,
  spent: TokenUsage[] = [],
  signal: AbortSignal = new AbortController().signal,
): GuardrailCall {
  return {
    signal,
    model,
    spend: (usage) => {
      spent.push(usage);
    },
  };
}
