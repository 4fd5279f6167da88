// How an exchange is checked that nobody waits for an answer to: tests of policies, audits, corrections, imports.
// Law: what judges cost is the caller's; none is asked unless he says so.
import type { Checking, ComparedExchange } from "../generation/compare-policies.ts";
import { allowingPolicy } from "../generation/request-policy.ts";
import type { CompiledPolicy } from "../guardrail/compiled-policy.ts";
import { JudgeBudget } from "../guardrail/judge-budget.ts";
import type { AppServices } from "../middleware/app-services.ts";
import { promptText } from "../mistake/exchange-text.ts";
import { DEFAULT_POLICY } from "../policy/policy.ts";

export interface CheckingOrder {
  readonly projectId: string;
  /** who asks, and pays */
  readonly callerId: string;
  /** whose allowances hold */
  readonly keyId: string;
  readonly asksJudges: boolean;
  readonly signal: AbortSignal;
}

export async function checkingFor(
  services: Pick<AppServices, "clock" | "models" | "meter" | "completion">,
  { projectId, callerId, keyId, asksJudges, signal }: CheckingOrder,
): Promise<Checking> {
  return {
    call: {
      signal,
      clock: services.clock,
      budget: new JudgeBudget(DEFAULT_POLICY.judge_budget),
      upstream: async (name) => await services.models.guardrailUpstream(projectId, name),
      model: await services.models.forProject(projectId),
      spend: (usage) => {
        services.meter.record({ projectId, keyId: callerId, purpose: "judge", ...usage });
      },
    },
    asksJudges,
    guide: services.completion.guide,
    allowing: async (compiled: CompiledPolicy, { messages }: ComparedExchange) =>
      await allowingPolicy(compiled, keyId, services.clock, () => promptText(messages)),
  };
}
