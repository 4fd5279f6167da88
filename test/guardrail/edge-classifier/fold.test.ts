// What folding makes of characters. Law: one code point at a time, into letters, digits and spaces.
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
  EXPANDS,
  expansion,
  foldedUnit,
  isIdeographic,
  VANISHES,
} from "../../../src/guardrail/edge-classifier/fold.ts";

function foldOne(codePoint: number): string {
  const unit = foldedUnit(codePoint);
  if (unit === VANISHES) return "";
  return unit === EXPANDS ? expansion(codePoint) : String.fromCodePoint(unit);
}

function fold(text: string): string {
  return Array.from(text, (letter) => foldOne(letter.codePointAt(0) ?? 0)).join("");
}

describe("foldedUnit", () => {
  it.each([
    ["lowers case", "Bread", "bread"],
    ["makes full-width letters plain", "Ｂｒｅａｄ", "bread"],
    ["makes mathematical letters plain", "𝐁𝐫𝐞𝐚𝐝", "bread"],
    ["drops accents, composed or not", "Café cafe\u0301", "cafe cafe"],
    ["opens ligatures", "ﬁne", "fine"],
    ["drops zero-width and soft characters", "br\u200be\u00ada\ufeffd", "bread"],
    ["drops apostrophes of all kinds", "can't can’t", "cant cant"],
    ["folds all digits to one", "7 ٣ ９", "0 0 0"],
    ["turns punctuation and emoji into spaces", "a,b🙂c", "a b c"],
    ["keeps Chinese, also of the second plane", "面包𠮷", "面包𠮷"],
    ["drops tag characters", "bread\u{e0041}\u{e0100}", "bread"],
    ["separates at historic scripts", "a𓀀b", "a b"],
    ["keeps Korean syllables whole", "빵", "빵"],
  ])("%s", (_, text, folded) => {
    expect(fold(text)).toBe(folded);
  });

  it("turns a lone surrogate into a space", () => {
    expect(foldOne(0xd83d)).toBe(" ");
  });

  it("gives only letters, digits, marks and spaces, now and when asked again", () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 0x10ffff }), (codePoint) => {
        const folded = foldOne(codePoint);
        expect(foldOne(codePoint)).toBe(folded);
        expect(folded).toMatch(/^[\p{L}\p{N}\p{M}\u{20000}-\u{3ffff} ]*$/u);
      }),
    );
  });
});

describe("isIdeographic", () => {
  it("holds for characters that are words of their own", () => {
    expect(Array.from("面のA빵", (letter) => isIdeographic(letter.charCodeAt(0)))).toEqual([true, true, false, false]);
  });
});
