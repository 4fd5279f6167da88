// A policy under `monitor`, and what it would be without.
import { expect, it } from "vitest";
import { type CompiledPolicy, monitored, unmonitored } from "../../src/guardrail/compiled-policy.ts";
import { DEFAULT_POLICY } from "../../src/policy/policy.ts";

const plain: CompiledPolicy = { policy: DEFAULT_POLICY, enforced: null, guardrails: { fast: [], slow: [] } };

it("is the policy as it was once monitoring ends, however often it began", () => {
  expect(monitored(plain).policy).not.toEqual(DEFAULT_POLICY);
  expect(unmonitored(monitored(monitored(plain)))).toEqual(plain);
  expect(unmonitored(plain)).toEqual(plain);
});
