// An operator's policy: its keys replace the default's, or it is refused whole.
import { describe, expect, it } from "vitest";
import type { Result } from "../../src/lib/result.ts";
import { DEFAULT_POLICY } from "../../src/policy/policy.ts";
import { changedPolicy, readPolicy, storedPolicy } from "../../src/policy/read-policy.ts";
import { unwrap } from "../../src/problem.ts";

function unwrapped<Value>(result: Result<Value, unknown>): Value | null {
  return result.ok ? result.value : null;
}

describe("readPolicy", () => {
  it.each([null, "", " \n"])("takes %j for the default policy, under its own version", (text) => {
    expect(unwrap(readPolicy(text, "00000000"))).toEqual(DEFAULT_POLICY);
  });

  it("replaces what it names, keeps the rest, and never keeps the default's version", () => {
    expect(unwrap(readPolicy('{"guidance":"off"}', "0123456789"))).toEqual({
      ...DEFAULT_POLICY,
      guidance: "off",
      version: "custom-01234567",
    });
  });

  it("goes by the version that a policy gives itself", () => {
    expect(unwrap(readPolicy('{"version":"shop-3"}', "01234567")).version).toBe("shop-3");
  });

  it.each([
    ["no JSON", "{guidance: off}", "SETBACK_POLICY"],
    ["a list", "[]", "SETBACK_POLICY"],
    ["null", "null", "SETBACK_POLICY"],
    ["an unknown key", '{"guidence":"off"}', "guidence"],
    ["an unknown key within", '{"classifier":{"input_threshold":null,"output_threshold":null,"x":1}}', "classifier.x"],
    ["a prototype", '{"__proto__":{"store":false}}', "__proto__"],
    ["a failure of no category", '{"on_guardrail_error":{"default":"open","S15":"open"}}', "on_guardrail_error"],
    ["an allowance of everything", '{"allow":[{"id":"a"}]}', "allow[0]"],
    ["an allowance of an unknown role", '{"allow":[{"id":"a","rule":"r","roles":["boss"]}]}', "allow[0].roles[0]"],
    ["a threshold of no category", '{"thresholds":{"S15":0.5}}', "thresholds"],
    ["no role to scan", '{"scan_roles":[]}', "scan_roles"],
    ["a retention of nothing", '{"retention_days":0}', "retention_days"],
    ["a wrong value", '{"on_guardrail_error":"ignore"}', "on_guardrail_error"],
    ["a wrong value deep within", '{"operator_rules":[{"id":"a","message":"m"}]}', "operator_rules[0]"],
  ])("refuses %s and says where", (_name, text, param) => {
    const read = readPolicy(text, "01234567");
    expect(read).toMatchObject({ ok: false, error: { status: 400, code: "invalid_policy", param } });
    if (!read.ok) expect(read.error.message).toContain("SETBACK_POLICY");
  });

  it("tells every fault at once", () => {
    const changes = { guidence: "off", store: 1, operator_rules: [{ id: "Refund!", phrase: "a", message: "m" }] };
    const read = changedPolicy(DEFAULT_POLICY, changes, "v");
    expect(read.ok ? [] : read.error.map(({ path }) => path).toSorted()).toEqual([
      "guidence",
      "operator_rules[0].id",
      "store",
    ]);
  });

  it("reads what was stored before a key existed", () => {
    const { consent: _consent, ...older } = { ...DEFAULT_POLICY, version: "pol_1", store: false };
    expect(unwrapped(storedPolicy(older))).toEqual({ ...DEFAULT_POLICY, version: "pol_1", store: false });
    expect(storedPolicy({ ...older, gone: 1 })).toMatchObject({ ok: false, error: [{ path: "gone" }] });
  });
});
