// The fast guardrails of the default policy, for measurements.
import { createGuardrails } from "../src/guardrail/create-guardrails.ts";
import type { FastGuardrail } from "../src/guardrail/guardrail.ts";
import { DEFAULT_POLICY } from "../src/policy/policy.ts";
import { unwrap } from "../src/problem.ts";

export const DEFAULT_GUARDRAILS: readonly FastGuardrail[] = unwrap(
  createGuardrails(DEFAULT_POLICY, (length) => crypto.getRandomValues(new Uint8Array(length))),
).guardrails.fast;
