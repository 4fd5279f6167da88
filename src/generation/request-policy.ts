// The policy that one request goes by: the key's or project's own, else the gateway's; under `monitor`, made stricter by a header,
// with what is allowed to this key. Law: nothing here asks anybody once the project is known.
import { type AllowanceContext, promptHash } from "../guardrail/allowance.ts";
import { allowingGuardrails } from "../guardrail/allowing-guardrails.ts";
import { type CompiledPolicy, monitored } from "../guardrail/compiled-policy.ts";
import type { HeaderPolicies } from "../guardrail/header-policies.ts";
import type { StoredPolicyDirectory } from "../guardrail/stored-policy-directory.ts";
import type { Clock } from "../lib/clock.ts";
import { ok, type Result } from "../lib/result.ts";
import { redactedText } from "../mistake/redaction.ts";
import type { Allowance } from "../policy/allowance-schema.ts";
import type { Problem } from "../problem.ts";

export interface RequestPolicyDependencies {
  readonly policyDirectory: Pick<StoredPolicyDirectory, "forKey">;
  readonly headerPolicies: Pick<HeaderPolicies, "under">;
  /** the gateway's default policy */
  readonly completion: Omit<CompiledPolicy, "enforced"> & Partial<Pick<CompiledPolicy, "enforced">>;
}

interface Owner {
  readonly projectId: string;
  /** of the key */
  readonly id: string;
}

/** @param header the text of x-setback-policy, if the request has it */
export async function requestPolicy(
  { policyDirectory, headerPolicies, completion }: RequestPolicyDependencies,
  { projectId, id }: Owner,
  header?: string,
): Promise<Result<CompiledPolicy, Problem>> {
  const chosen = await policyDirectory.forKey(projectId, id);
  if (!chosen.ok) return chosen;
  const { own, monitor, allowances } = chosen.value;
  const { policy, guardrails, enforced = null } = completion;
  const written = own ?? { policy, guardrails, enforced };
  const base = monitor ? monitored(written) : written;
  const asked = header === undefined ? ok(base) : headerPolicies.under(projectId, base, header);
  return asked.ok ? ok(withAllowances(asked.value, allowances)) : asked;
}

/** An overrule knows the turn as it was stored: what redaction took out of it is any such thing. */
async function promptHashes(turn: string): Promise<Pick<AllowanceContext, "promptHash" | "storedPromptHash">> {
  const stored = redactedText(turn);
  return {
    promptHash: await promptHash(turn),
    storedPromptHash: stored === turn ? null : await promptHash(stored),
  };
}

/** The policy with what overrules allow beside it. Law: a header can't take away what a reviewer has allowed, nor add to it. */
export function withAllowances(compiled: CompiledPolicy, allowances: readonly Allowance[]): CompiledPolicy {
  if (allowances.length === 0) return compiled;
  return { ...compiled, policy: { ...compiled.policy, allow: [...compiled.policy.allow, ...allowances] } };
}

/** @param prompt of the exchange that is checked */
export async function allowingPolicy(
  compiled: CompiledPolicy,
  keyId: string,
  clock: Clock,
  prompt: () => string,
): Promise<CompiledPolicy> {
  const { allow } = compiled.policy;
  if (allow.length === 0) return compiled;
  const asksForPrompt = allow.some(({ prompt_hash: hash }) => hash !== null);
  const hashes = asksForPrompt ? await promptHashes(prompt()) : { promptHash: null };
  const context = { keyId, now: clock(), ...hashes };
  return { ...compiled, guardrails: allowingGuardrails(compiled.guardrails, allow, context) };
}
