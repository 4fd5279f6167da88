// The policy's schema, and the default.
import { describe, expect, it } from "vitest";
import { DEFAULT_POLICY, policySchema } from "../../src/policy/policy.ts";

const rule = { id: "refund", phrase: "full refund", message: "promises a refund" };

describe("policySchema", () => {
  it("accepts the default policy as it is", () => {
    expect(policySchema.parse(DEFAULT_POLICY)).toEqual(DEFAULT_POLICY);
  });

  it("checks an operator's rule on the answer unless it says otherwise", () => {
    const { operator_rules: rules } = policySchema.parse({ ...DEFAULT_POLICY, operator_rules: [rule] });
    expect(rules).toEqual([{ ...rule, sides: ["output"] }]);
  });

  it.each([
    ["an unknown key", { mode: "strict" }],
    ["an unknown action", { actions: { input: { default: "warn" }, output: { default: "block" } } }],
    ["actions without a default", { actions: { input: { S1: "block" }, output: { default: "block" } } }],
    ["an unknown category", { actions: { input: { default: "block", S15: "block" }, output: { default: "block" } } }],
    ["actions of one side", { actions: { input: { default: "block" } } }],
    ["an unknown mode of streams", { stream_mode: "none" }],
    ["a threshold above 1", { classifier: { input_threshold: 1.1, output_threshold: null } }],
    ["a rule without a phrase", { operator_rules: [{ id: "a", message: "m" }] }],
    ["a rule with phrase and expression", { operator_rules: [{ ...rule, expression: "a" }] }],
    ["a rule of an unknown category", { operator_rules: [{ ...rule, category: "constructor" }] }],
    ["a rule for no side", { operator_rules: [{ ...rule, sides: [] }] }],
    ["a rule whose id can't stand in a list", { operator_rules: [{ ...rule, id: "Refund!" }] }],
    ["a short canary", { canaries: ["abc"] }],
  ])("refuses %s", (_name, changes) => {
    expect(policySchema.safeParse({ ...DEFAULT_POLICY, ...changes }).success).toBe(false);
  });
});

describe("the default policy", () => {
  it("blocks answers and fails closed", () => {
    expect(DEFAULT_POLICY).toMatchObject({ on_guardrail_error: "closed", guidance: "sandwich", store: true });
    expect(DEFAULT_POLICY.actions.output["default"]).toBe("block");
    expect(DEFAULT_POLICY.actions.input["default"]).toBe("annotate");
  });
});
