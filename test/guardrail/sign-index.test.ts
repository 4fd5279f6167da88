// Which signs stand in a text. Law: as `includes` says.
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { SignIndex } from "../../src/guardrail/sign-index.ts";

const GROUPS = [["ab", "abc"], ["ca"], ["密码"], ["bb", "://"]];
const index = new SignIndex(GROUPS);

describe("SignIndex", () => {
  it("says what includes says", () => {
    const unit = fc.constantFrom("a", "b", "c", "密", "码", ":", "/", " ");
    fc.assert(
      fc.property(fc.string({ unit, maxLength: 12 }), (text) => {
        const expected = GROUPS.map((signs) => signs.some((sign) => text.includes(sign)));
        expect(GROUPS.map((_, group) => ((index.groupsIn(text) >> group) & 1) === 1)).toEqual(expected);
      }),
    );
  });

  it("refuses a sign of one unit", () => {
    expect(() => new SignIndex([["a"]])).toThrow("two units");
  });
});
