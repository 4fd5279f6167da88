// How long a judge may take for one answer to us. Law: every call of a slow guardrail has the policy's deadline, and nothing else
// pays for a timer.
import type { GuardrailCall, SlowGuardrail } from "../guardrail/guardrail.ts";
import type { Policy } from "../policy/policy.ts";

const FALLBACK_MILLISECONDS = 10_000;

export function withDeadline(
  call: GuardrailCall,
  { self_check: selfCheck }: Policy,
  judges: readonly SlowGuardrail[],
): GuardrailCall {
  if (judges.length === 0) return call;
  const milliseconds = selfCheck?.timeout_milliseconds ?? FALLBACK_MILLISECONDS;
  return { ...call, signal: AbortSignal.any([call.signal, AbortSignal.timeout(milliseconds)]) };
}
