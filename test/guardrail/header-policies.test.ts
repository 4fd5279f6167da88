// The header under exchanged weights: what «shipped» means is the weights' that are in use.
import { expect, it } from "vitest";
import { createCompilePolicy, recast } from "../../src/guardrail/compiled-policy.ts";
import { createGuardrails } from "../../src/guardrail/create-guardrails.ts";
import { shippedEdgeModel } from "../../src/guardrail/edge-classifier/edge-model.ts";
import { HeaderPolicies } from "../../src/guardrail/header-policies.ts";
import { DEFAULT_POLICY } from "../../src/policy/policy.ts";

const randomBytes = (length: number): Uint8Array => new Uint8Array(length);

it("compares the uncertain band with that of the weights in use", () => {
  const shipped = shippedEdgeModel();
  const model = { ...shipped, uncertainFrom: { input: 0.2, output: null } };
  const compile = createCompilePolicy(randomBytes, () => model);
  const base = compile(DEFAULT_POLICY);
  if (!base.ok) throw new Error("the default policy compiles");
  const headers = new HeaderPolicies(
    compile,
    () => 0,
    () => model,
  );
  const isAccepted = (changes: object): boolean =>
    headers.under("prj_1", base.value, JSON.stringify({ classifier: changes })).ok;
  expect([0.2, 0.21].map((from) => isAccepted({ input_uncertain_from: from }))).toEqual([true, false]);
  expect(isAccepted({ output_uncertain_from: 0.99 })).toBe(true);
});

it("compares a threshold with that of the weights in use, also where it was accepted under others", () => {
  const shipped = shippedEdgeModel();
  let model = { ...shipped, thresholds: { input: 0.9, output: 0.9 } };
  const created = createGuardrails(DEFAULT_POLICY, randomBytes, () => model);
  if (!created.ok) throw new Error("the default policy compiles");
  const base = recast(DEFAULT_POLICY, created.value);
  const headers = new HeaderPolicies(
    createCompilePolicy(randomBytes, () => model),
    () => 0,
    () => model,
  );
  const isAccepted = (changes: object): boolean => headers.under("prj_1", base, JSON.stringify(changes)).ok;
  const asked = [{ classifier: { input_threshold: 0.6 } }, { thresholds: { "custom:harmful": 0.6 } }];
  expect(asked.map(isAccepted)).toEqual([true, true]);
  const classifier = { ...shipped.classifier, version: "published-2" };
  model = { ...shipped, classifier, thresholds: { input: 0.3, output: 0.3 } };
  expect(asked.map(isAccepted)).toEqual([false, false]);
});
