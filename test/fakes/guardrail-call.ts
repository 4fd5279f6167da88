// What a slow guardrail is called with in tests.
import type { GuardrailCall, TokenUsage } from "../../src/guardrail/guardrail.ts";
import type { ChatModel } from "../../src/model/chat-model.ts";
import { type FindGuardrailUpstream, noGuardrailUpstream } from "../../src/model/guardrail-upstream.ts";

export function callOf(
  model: ChatModel,
  spent: TokenUsage[] = [],
  signal: AbortSignal = new AbortController().signal,
  upstream: FindGuardrailUpstream = noGuardrailUpstream,
): GuardrailCall {
  return {
    signal,
    model,
    upstream,
    clock: () => 0,
    spend: (usage) => {
      spent.push(usage);
    },
  };
}
