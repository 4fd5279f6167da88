// The operator's rules in a stream: held while a phrase or an expression may still come, and no longer.
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { createOperatorRulesGuardrail } from "../../src/guardrail/operator-rules.ts";
import type { OperatorRule } from "../../src/policy/policy.ts";
import {
  CHINESE,
  CODE,
  expectHeldBack,
  expectSameFindings,
  findingsOfPiece,
  glimpseOf,
  heldUnits,
  PROSE,
  wordEnds,
} from "./glimpses.ts";
import { expectLinear, HOSTILE_TIMEOUT_MILLISECONDS } from "./hostile.ts";

function guardrailOf(...rules: readonly OperatorRule[]) {
  const result = createOperatorRulesGuardrail(rules);
  if (!result.ok) throw new Error(JSON.stringify(result.error));
  return result.value;
}

const RULES: readonly OperatorRule[] = [
  { id: "refund", phrase: "promise a refund", message: "m" },
  { id: "zh", phrase: "保证退款", message: "m" },
  { id: "ru", phrase: "вернём деньги", message: "m" },
  { id: "order", expression: "\\border-[0-9]{2,4}\\b", message: "m" },
  { id: "rival", expression: "\\b(?:umbra|rival) ?(?:corp|inc)", message: "m" },
];
const guardrail = guardrailOf(...RULES);

/** Six bytes must have come before base64 counts as such. */
const BASE64_LEAD = 7;

const DISGUISES: readonly { readonly name: string; readonly text: string; readonly lead?: number }[] = [
  { name: "as it is", text: "promise a refund" },
  { name: "with other signs between", text: "promise,\n a — refund" },
  { name: "with zero-width signs", text: "p\u200bromi\u200bse\u200b a ref\u00adund" },
  { name: "with look-alikes at the end", text: "promisе a refunԁ" },
  { name: "with look-alikes at the beginning", text: "рrоmise a rеfund" },
  { name: "in styled letters", text: "𝐩𝐫𝐨𝐦𝐢𝐬𝐞 𝐚 𝐫𝐞𝐟𝐮𝐧𝐝" },
  { name: "in leetspeak", text: "pr0m1s3 a r3fund" },
  { name: "letter by letter", text: "p r o m i s e a r e f u n d" },
  { name: "letter by letter in leetspeak", text: "p-r-0-m-1-s-e-a-r-e-f-u-n-d" },
  { name: "in escapes", text: "\\u0070romise\\u0020a re\\x66und" },
  { name: "in base64", text: btoa("we promise a refund today"), lead: BASE64_LEAD },
  { name: "in Chinese", text: "保证退款" },
  { name: "in Russian", text: "вернём деньги" },
  { name: "an expression", text: "order-123" },
  { name: "another expression", text: "Umbra Corp" },
  { name: "an expression in full width", text: "ｏｒｄｅｒ-42" },
];

describe("a glimpse of the operator's rules", () => {
  it.each(DISGUISES)("holds back $name, wherever it is cut", ({ text, lead = 0 }) => {
    for (const before of ["", PROSE, CODE, CHINESE, "(", '{"text": "', "We\n"]) {
      for (const after of ["", " today.", ", 好的。", '"}']) {
        const whole = before + text + after;
        expect(expectHeldBack(guardrail, whole, { lead }), whole).toBeGreaterThan(0);
        expectSameFindings(guardrail, whole);
      }
    }
  });

  it.each(DISGUISES)("finds $name in a piece that begins later", ({ text }) => {
    const whole = `${PROSE}${text} .`;
    expect(findingsOfPiece(guardrail, whole, 150)).toEqual(glimpseOf(guardrail, whole).findings);
  });

  it("holds only what may still become a finding", () => {
    const text = (piece: string) => piece.slice(piece.length - heldUnits(guardrail, piece));
    expect(text("They promise")).toBe("promise");
    expect(text("They promise a")).toBe("promise a");
    expect(text("They promise a re")).toBe("promise a re");
    expect(text("They promise a new")).toBe("");
    expect(text("They promised")).toBe("");
    expect(text("compromise")).toBe("");
    expect(text("They promise a refund")).toBe("promise a refund");
    expect(text("They promise a refund.")).toBe("");
    expect(text("我们保证")).toBe("保证");
    expect(text("我们保证退款")).toBe("");
    expect(text("reorder")).toBe("");
    expect(text("in order")).toBe("order");
    expect(text("in order to")).toBe("");
    expect(text("order-1")).toBe("order-1");
  });

  it("says nothing yet of a word that may go on, and finds a character that can't", () => {
    expect(glimpseOf(guardrail, "They promise a refund").findings).toEqual([]);
    expect(glimpseOf(guardrail, "They promise a refund ").findings).toMatchObject([{ rule: "refund" }]);
    expect(glimpseOf(guardrail, "我们保证退款").findings).toMatchObject([{ rule: "zh" }]);
    expect(glimpseOf(guardrail, "It is order-12").findings).toEqual([]);
    expect(glimpseOf(guardrail, "by rival inc").findings).toMatchObject([{ rule: "rival" }]);
  });

  it("tells every place of a phrase", () => {
    const places = glimpseOf(guardrail, "promise a refund, promise a refund, and rival inc, rival inc.").findings;
    expect(places.map(({ span }) => span?.start)).toEqual([0, 18, 40, 51]);
  });

  it("holds the most where it can't tell", () => {
    const unknown = guardrailOf({ id: "x", expression: "\\Qa.b\\E", message: "m" });
    expect(heldUnits(unknown, PROSE)).toBe(64);
    expect(glimpseOf(unknown, "It is a.b, they say.").findings).toMatchObject([{ rule: "x" }]);
    const anchored = guardrailOf({ id: "x", expression: "^The", message: "m" });
    expect(heldUnits(anchored, "The end")).toBe(7);
    expect(glimpseOf(anchored, "The end").findings).toEqual([]);
  });

  it.each([
    ["prose", PROSE],
    ["code", CODE],
    ["Chinese", CHINESE],
  ])("holds nothing at the ends of nearly all words of %s", (_, text) => {
    const ends = wordEnds(text);
    const holding = ends.filter((end) => heldUnits(guardrail, text.slice(0, end)) > 0);
    expect(holding.length / ends.length).toBeLessThan(0.03);
  });

  it("never throws and holds back phrases in any surroundings", { timeout: HOSTILE_TIMEOUT_MILLISECONDS }, () => {
    const anything = fc.oneof(
      fc.string({ unit: "binary", maxLength: 60 }),
      fc.constantFrom(PROSE, CODE, CHINESE, "\\", "\\u00"),
    );
    fc.assert(
      fc.property(
        anything,
        anything,
        fc.constantFrom("promise a refund", "保证退款", "order-77"),
        (before, after, phrase) => {
          glimpseOf(guardrail, before);
          expectHeldBack(guardrail, `${before} ${phrase} ${after}`.slice(0, 900));
        },
      ),
      { numRuns: 60 },
    );
  });

  it("is linear", { timeout: HOSTILE_TIMEOUT_MILLISECONDS }, async () => {
    for (const pattern of ["promise a ", "p r o ", "order-1", "cHJvbWlzZSBh", "\\", "pr0", "рr", "保证"]) {
      await expectLinear((text) => glimpseOf(guardrail, text), pattern);
    }
  });
});
