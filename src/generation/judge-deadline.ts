// How long a judge may take for one answer to us. Law: every call of a slow guardrail has a deadline of the policy's.
import type { GuardrailCall } from "../guardrail/guardrail.ts";
import type { Policy } from "../policy/policy.ts";

const FALLBACK_MILLISECONDS = 10_000;

export function withDeadline(call: GuardrailCall, { self_check: selfCheck }: Policy): GuardrailCall {
  const milliseconds = selfCheck?.timeout_milliseconds ?? FALLBACK_MILLISECONDS;
  return { ...call, signal: AbortSignal.any([call.signal, AbortSignal.timeout(milliseconds)]) };
}
