// The guardrails of a policy, in the order their verdicts are listed.
import { ok, type Result } from "../lib/result.ts";
import type { Problem } from "../problem.ts";
import type { Policy } from "../policy/policy.ts";
import type { GuardrailSet } from "./run-guardrails.ts";

export interface CreatedGuardrails {
  readonly guardrails: GuardrailSet;
  /** stored with every mistake */
  readonly classifierVersion: string | null;
}

export function createGuardrails(_policy: Policy): Result<CreatedGuardrails, Problem> {
  return ok({ guardrails: { fast: [], slow: [] }, classifierVersion: null });
}
