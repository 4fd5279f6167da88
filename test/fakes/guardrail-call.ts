// What a slow guardrail is called with in tests.
import type { TokenUsage } from "../../src/guardrail/guardrail.ts";
import { JudgeBudget } from "../../src/guardrail/judge-budget.ts";
import type { JudgedCall } from "../../src/guardrail/run-cascade.ts";
import type { ChatModel } from "../../src/model/chat-model.ts";
import { type FindGuardrailUpstream, noGuardrailUpstream } from "../../src/model/guardrail-upstream.ts";
import { DEFAULT_POLICY } from "../../src/policy/policy.ts";

export function callOf(
  model: ChatModel,
  spent: TokenUsage[] = [],
  signal: AbortSignal = new AbortController().signal,
  upstream: FindGuardrailUpstream = noGuardrailUpstream,
): JudgedCall {
  return {
    signal,
    clock: () => 0,
    model,
    upstream,
    spend: (usage) => {
      spent.push(usage);
    },
    budget: new JudgeBudget(DEFAULT_POLICY.judge_budget),
  };
}
