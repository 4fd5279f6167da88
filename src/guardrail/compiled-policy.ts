// A policy with its guardrails, ready for requests. Law: made once a version; all of an isolate share one edge classifier.
import type { RandomBytes } from "../lib/ids.ts";
import { err, ok, type Result } from "../lib/result.ts";
import { monitoredPolicy } from "../policy/monitored-policy.ts";
import type { PolicyFault } from "../policy/policy-faults.ts";
import type { Policy } from "../policy/policy.ts";
import { createGuardrails } from "./create-guardrails.ts";
import type { EdgeModel } from "./edge-classifier/edge-model.ts";
import type { GuardrailSet } from "./run-guardrails.ts";

export interface CompiledPolicy {
  /** as it is gone by: under `monitor` nothing of it withholds */
  readonly policy: Policy;
  /** what would be gone by without `monitor`; null where it is not monitored */
  readonly enforced: Policy | null;
  readonly guardrails: GuardrailSet;
}

/** The same guardrails under `monitor`. */
export function monitored(compiled: CompiledPolicy): CompiledPolicy {
  if (compiled.enforced !== null) return compiled;
  return { ...compiled, policy: monitoredPolicy(compiled.policy), enforced: compiled.policy };
}

/** The same guardrails under what the policy would withhold: for checks that nobody's answer waits for. */
export function unmonitored(compiled: CompiledPolicy): CompiledPolicy {
  return { ...compiled, policy: compiled.enforced ?? compiled.policy, enforced: null };
}

/** Other rules of conduct over guardrails that stay the same. */
export function recast(policy: Policy, compiled: Omit<CompiledPolicy, "policy" | "enforced">): CompiledPolicy {
  const plain = { policy, enforced: null, guardrails: compiled.guardrails };
  return policy.monitor ? monitored(plain) : plain;
}

export type CompilePolicy = (policy: Policy) => Result<CompiledPolicy, readonly PolicyFault[]>;

export function createCompilePolicy(randomBytes: RandomBytes, activeModel: () => EdgeModel): CompilePolicy {
  return (policy) => {
    const created = createGuardrails(policy, randomBytes, activeModel);
    return created.ok ? ok(recast(policy, created.value)) : err(created.error.faults);
  };
}
