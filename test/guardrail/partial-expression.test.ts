// Partial expressions: every beginning of a match is seen at the end of a text, in both dialects, and nothing else is.
import { RE2JS } from "re2js";
import { describe, expect, it } from "vitest";
import { partialExpression } from "../../src/guardrail/partial-expression.ts";
import { SECRET_RULES } from "../../src/guardrail/rules/secrets.ts";

const MATCHES: readonly (readonly [source: string, match: string])[] = [
  ["order-[0-9]{2,4}", "order-123"],
  ["(?i)order|refund", "refund"],
  ["a?b*(?:c|de)+f", "abbcdecf"],
  ["(?:(?:a|b)?c)?d", "bcd"],
  ["\\bword\\b", "word"],
  ["[\\]x]\\x41\\.\\d", "]A.7"],
  ["(?:\\pL|[[:digit:]])-x", "é-x"],
  [".+ end", "some text end"],
];

describe("partialExpression", () => {
  it.each(MATCHES)("of %s matches each beginning of %s in RE2", (source, match) => {
    const partial = RE2JS.compile(partialExpression(source, "\\z")?.source ?? "never");
    for (let cut = 1; cut <= match.length; cut += 1)
      expect(partial.test(` ${match.slice(0, cut)}`), match.slice(0, cut)).toBe(true);
    expect(partial.test("")).toBe(false);
  });

  it.each(MATCHES.filter(([source]) => !/\(\?i\)|\\p|\[\[/.test(source)))(
    "of %s matches each beginning of %s in JavaScript",
    (source, match) => {
      const partial = new RegExp(partialExpression(source, "$")?.source ?? "never");
      for (let cut = 1; cut <= match.length; cut += 1) expect(match.slice(0, cut)).toMatch(partial);
      expect("").not.toMatch(partial);
    },
  );

  it("does not match what can't go on", () => {
    const partial = new RegExp(partialExpression("order-[0-9]{2}", "$")?.source ?? "");
    for (const text of ["order ", "order-x", "ordering", "order-1 ", "order-123"]) expect(text).not.toMatch(partial);
  });

  it("tells whether what follows decides", () => {
    expect(partialExpression("\\bword", "\\z")?.looksAhead).toBe(false);
    expect(partialExpression("(?<!x)word", "$")?.looksAhead).toBe(false);
    for (const source of ["word\\b", "word$", "(?:a|b\\b)", "word(?!s)", "a(?=b)b"]) {
      expect(partialExpression(source, "$")?.looksAhead, source).toBe(true);
    }
  });

  it.each(["^a", "\\Aa", "(a)\\1", "\\Qa\\E", "a(?i)b", "(a", "a)", "\\b", "", "(?:a{1,3}){"])(
    "is null for «%s»",
    (source) => {
      expect(partialExpression(source, "\\z")).toBeNull();
    },
  );

  it("reads the pattern of every secret", () => {
    for (const { id, pattern } of SECRET_RULES) expect(partialExpression(pattern.source, "$"), id).not.toBeNull();
  });
});
