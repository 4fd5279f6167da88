// How long a judge may take for one answer to us. Law: every call of a slow guardrail has the policy's deadline, and nothing else
// pays for a timer.
import type { GuardrailCall, SlowGuardrail } from "../guardrail/guardrail.ts";
import { judgeOf } from "../policy/judge-policy.ts";
import type { Policy } from "../policy/policy.ts";

export function withDeadline(call: GuardrailCall, policy: Policy, judges: readonly SlowGuardrail[]): GuardrailCall {
  if (judges.length === 0) return call;
  const milliseconds = Math.max(...judges.map(({ id }) => judgeOf(policy, id).timeout_milliseconds));
  return { ...call, signal: AbortSignal.any([call.signal, AbortSignal.timeout(milliseconds)]) };
}
