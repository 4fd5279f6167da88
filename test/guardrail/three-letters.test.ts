// The table of three letters: never lets a beginning pass, and seldom stops at anything else.
import { describe, expect, it } from "vitest";
import { ThreeLetters } from "../../src/guardrail/three-letters.ts";

function stepsOf(word: string) {
  return Array.from(word, (letter) => (letter === "?" ? ("any" as const) : { letter }));
}

const letters = new ThreeLetters(["darn", "h?ck"].map(stepsOf));

describe("ThreeLetters", () => {
  it.each([
    ["oh darn", 3],
    ["daaarn", 0],
    ["ddarn", 0],
    ["he h@ck", 3],
    ["he häck", 3],
    ["dart", 0],
    ["da", -1],
    ["an ordinary text", -1],
  ])("finds in «%s» a beginning at %i", (text, place) => {
    expect(letters.next(text, 0)).toBe(place);
    if (place >= 0) expect(letters.has(text, place)).toBe(true);
  });

  it("goes on from where it is told", () => {
    expect(letters.next("darn darn", 1)).toBe(5);
  });

  it("refuses a word of two letters", () => {
    expect(() => new ThreeLetters([stepsOf("ab")])).toThrow("three letters");
  });
});
