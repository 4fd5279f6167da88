// A policy that somebody wants to store: refused whole, with the path of every fault.
import { describe, expect, it } from "vitest";
import { createCompilePolicy } from "../../src/guardrail/compiled-policy.ts";
import { shippedEdgeModel } from "../../src/guardrail/edge-classifier/edge-model.ts";
import { resolvePolicy } from "../../src/guardrail/resolve-policy.ts";
import { DEFAULT_POLICY } from "../../src/policy/policy.ts";

const options = {
  base: DEFAULT_POLICY,
  version: "pol_1",
  compile: createCompilePolicy((length) => new Uint8Array(length), shippedEdgeModel),
  keyIds: new Set(["key_1"]),
};
const RULE = { id: "refund", phrase: "full refund", message: "m" };

describe("resolvePolicy", () => {
  it("puts the given keys in the place of the default's", () => {
    const allow = [{ id: "a", guardrail: "operator-rules", rule: "refund", key_ids: ["key_1"] }];
    const actions = { ...DEFAULT_POLICY.actions, output: { default: "block", "custom:refund": "annotate" } };
    const given = { operator_rules: [RULE], actions, allow, store: false, thresholds: { "custom:harmful": 0.9 } };
    expect(resolvePolicy(given, options)).toMatchObject({
      ok: true,
      value: { version: "pol_1", store: false, guidance: "sandwich", thresholds: { "custom:harmful": 0.9 } },
    });
  });

  it.each<[string, object, readonly string[]]>([
    ["unknown keys", { guidence: "off", stor: false }, ["guidence", "stor"]],
    ["a version of its own", { version: "1" }, ["version"]],
    ["wrong values, all of them", { store: "no", scan_roles: ["boss"] }, ["store", "scan_roles[0]"]],
    [
      "expressions outside the linear subset",
      { operator_rules: [RULE, { id: "back", expression: "(a)\\1", message: "m" }] },
      ["operator_rules[1].expression"],
    ],
    [
      "look-around",
      { operator_rules: [{ id: "look", expression: "a(?=b)", message: "m" }] },
      ["operator_rules[0].expression"],
    ],
    ["two rules of one name", { operator_rules: [RULE, RULE] }, ["operator_rules[1].id"]],
    [
      "a category that nothing reports",
      { hard_categories: ["custom:refnd"], thresholds: { "custom:refnd": 0.5 }, operator_rules: [RULE] },
      ["thresholds.custom:refnd", "hard_categories[0]"],
    ],
    [
      "an action for one",
      { actions: { input: { default: "block", "custom:refnd": "allow" }, output: { default: "block" } } },
      ["actions.input.custom:refnd"],
    ],
    [
      "a failure of one",
      { on_guardrail_error: { default: "open", "custom:x": "closed" } },
      ["on_guardrail_error.custom:x"],
    ],
    ["an allowance of one", { allow: [{ id: "a", categories: ["S1", "custom:x"] }] }, ["allow[0].categories[1]"]],
    ["an allowance to an unknown guardrail", { allow: [{ id: "a", guardrail: "guard" }] }, ["allow[0].guardrail"]],
    [
      "an allowance of an unknown rule",
      { operator_rules: [RULE], allow: [{ id: "a", guardrail: "operator-rules", rule: "refunds" }] },
      ["allow[0].rule"],
    ],
    [
      "an allowance to no key of the project",
      { allow: [{ id: "a", rule: "r", key_ids: ["key_1", "key_2"] }] },
      ["allow[0].key_ids[1]"],
    ],
    [
      "two allowances of one name",
      {
        allow: [
          { id: "a", rule: "r" },
          { id: "a", rule: "s" },
        ],
      },
      ["allow[1].id"],
    ],
    ["an escalation to nobody", { on_unsupported_language: "escalate" }, ["on_unsupported_language"]],
    [
      "what is too large to store",
      {
        operator_rules: Array.from({ length: 200 }, (_, place) => ({
          id: `r${place}`,
          phrase: "語".repeat(500),
          message: "語".repeat(500),
        })),
      },
      [""],
    ],
  ])("refuses %s", (_name, given, paths) => {
    const resolved = resolvePolicy({ ...given }, options);
    expect(resolved.ok ? [] : resolved.error.map(({ path }) => path)).toEqual(paths);
  });
});
