// Crude words in an answer: found in their usual disguises, and not inside harmless words.
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { createProfanityGuardrail } from "../../src/guardrail/profanity.ts";
import { answering } from "./exchange-of.ts";
import { expectLinear, HOSTILE_TIMEOUT_MILLISECONDS } from "./hostile.ts";

const guardrail = createProfanityGuardrail();
const isFlagged = (text: string) => guardrail.check(answering(text), "output").status === "flag";

const HARMLESS =
  "Scunthorpe Penistone Sussex Essex Cockburn Arsenal shiitake assess classic bass grass cocktail peacock Hancock Dickens " +
  "Titanic constitution analysis canal therapist grape drape cucumber document circumstance snigger niggardly Nigeria " +
  "pussycat swank Saturday traffic trafficking Fukushima Fuji Fu faculty button push horehound retardant transit associate " +
  "Moby-Dick summa-cum-laude Wankel Slutsk Pissarro mishit epistle habit kitchen pitch shift Uranus penis vagina sex";

describe("crude words", () => {
  it.each([
    ["plainly", "What a load of bullshit."],
    ["in upper case", "BULLSHIT"],
    ["in leetspeak", "bullsh1t"],
    ["with signs", "bull$hit"],
    ["stretched", "bullshiiiiit"],
    ["with look-alikes", "bullѕhіt"],
    ["with zero-width signs", "bull\u200bshit"],
    ["letter by letter", "b u l l s h i t"],
    ["in base64", btoa("that is bullshit, my friend")],
    ["in Chinese", "他妈的"],
  ])("are found %s", (_, text) => {
    expect(isFlagged(text)).toBe(true);
  });

  it.each(HARMLESS.split(" "))("are not found in %s", (word) => {
    expect(isFlagged(`The word ${word.toLowerCase()} is harmless, ${word} too.`)).toBe(false);
  });

  it("do not reach across blanks", () => {
    expect(isFlagged("This hit the mark, as is his habit.")).toBe(false);
  });

  it("have category and place, once each", () => {
    const verdict = guardrail.check(answering("Oh, shit! Shit!"), "output");
    expect(verdict).toMatchObject({ guardrail: "profanity", status: "flag", version: guardrail.version });
    expect(verdict.findings).toMatchObject([
      { rule: "crude-word", category: "offensive", span: { location: "content", start: 4, end: 9 } },
      { rule: "crude-word", category: "offensive", span: { location: "content", start: 10, end: 15 } },
    ]);
    expect(guardrail.sides).toEqual(["output"]);
  });

  it("never make it throw", () => {
    fc.assert(
      fc.property(fc.string({ unit: "binary", maxLength: 200 }), (text) => typeof isFlagged(text) === "boolean"),
    );
  });

  it("leave the work linear", { timeout: HOSTILE_TIMEOUT_MILLISECONDS }, async () => {
    for (const pattern of ["s", "shi", "fu ", "bollock", "shitake ", "a b c d "])
      await expectLinear(isFlagged, pattern);
  });
});
