// Crude words in a stream: a word that begins like one is held, and ordinary words are not.
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { createProfanityGuardrail } from "../../src/guardrail/profanity.ts";
import {
  CHINESE,
  CODE,
  expectHeldBack,
  expectSameFindings,
  glimpseOf,
  heldUnits,
  PROSE,
  wordEnds,
} from "./glimpses.ts";
import { expectLinear, HOSTILE_TIMEOUT_MILLISECONDS } from "./hostile.ts";

const guardrail = createProfanityGuardrail();
const held = (text: string) => text.slice(text.length - heldUnits(guardrail, text));

describe("a glimpse of crude words", () => {
  it.each([
    ["plainly", "jackass", 0],
    ["in leetspeak", "j4ckass", 0],
    ["with look-alikes", "jаckаѕѕ", 0],
    ["with zero-width signs", "j\u200backass", 0],
    ["letter by letter", "j a c k a s s", 0],
    ["in base64", btoa("what a jackass, my friend"), 7],
    ["within a word", "bullshit", "bullshi".length],
    ["in Chinese", "王八蛋", 0],
  ])("holds them back %s, wherever they are cut", (_, word, lead) => {
    for (const before of ["", PROSE, CHINESE, '{"text": "']) {
      for (const after of [")", "'; and so on", '"}']) {
        expect(expectHeldBack(guardrail, before + word + after, { lead }), before + word).toBeGreaterThan(0);
        expectSameFindings(guardrail, before + word + after);
      }
    }
  });

  it("holds a word only while it may become one", () => {
    expect(held("It is a jack")).toBe("jack");
    expect(held("It is a jacket")).toBe("");
    expect(held("那个王八")).toBe("王八");
    expect(held("那个王子")).toBe("");
    expect(held("那个王八蛋")).toBe("");
  });

  it.each([
    ["prose", PROSE],
    ["code", CODE],
    ["Chinese", CHINESE],
  ])("holds at few ends of words of %s", (_, text) => {
    const ends = wordEnds(text);
    const holding = ends.filter((end) => heldUnits(guardrail, text.slice(0, end)) > 0);
    expect(holding.length / ends.length).toBeLessThan(0.1);
  });

  it("never throws", () => {
    fc.assert(
      fc.property(fc.string({ unit: "binary", maxLength: 200 }), (text) => glimpseOf(guardrail, text).openFrom >= 0),
    );
  });

  it("is linear", { timeout: HOSTILE_TIMEOUT_MILLISECONDS }, async () => {
    for (const pattern of ["jackas", "s", "shi ", "王八"])
      await expectLinear((text) => glimpseOf(guardrail, text), pattern);
  });
});
