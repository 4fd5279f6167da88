// An operator's policy: its keys replace the default's, or it is refused whole.
import { describe, expect, it } from "vitest";
import { DEFAULT_POLICY } from "../../src/policy/policy.ts";
import { readPolicy } from "../../src/policy/read-policy.ts";
import { unwrap } from "../../src/problem.ts";

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
    ["an unknown key", '{"guidence":"off"}', null],
    ["a prototype", '{"__proto__":{"store":false}}', null],
    ["a wrong value", '{"on_guardrail_error":"ignore"}', "on_guardrail_error"],
    ["a wrong value deep within", '{"operator_rules":[{"id":"a","message":"m"}]}', "operator_rules[0]"],
  ])("refuses %s and says where", (_name, text, param) => {
    const read = readPolicy(text, "01234567");
    expect(read).toMatchObject({ ok: false, error: { status: 400, code: "invalid_policy", param } });
    if (!read.ok) expect(read.error.message).toContain("SETBACK_POLICY");
  });
});
