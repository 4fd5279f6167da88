// What an analysis may not be, one fault at a time, and that no text at all breaks or slows the check.
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { analysisFaults, MOST_ANALYSIS_CHARACTERS, type AnalysedMistake } from "../../src/analysis/check-analysis.ts";
import { createGuardrails } from "../../src/guardrail/create-guardrails.ts";
import type { FastGuardrail } from "../../src/guardrail/guardrail.ts";
import { ANALYSIS_FAULTS } from "../../src/mistake/analysis-quality.ts";
import { DEFAULT_POLICY } from "../../src/policy/policy.ts";
import { unwrap } from "../../src/problem.ts";
import { anyText, arbitraryExchange } from "../fixtures/arbitrary.ts";
import { exchangeOf } from "../fixtures/records.ts";

const ANSWER = "Yes, the bakery gives every loaf away for free on Mondays, and the owner will drive it to your house.";
const english: AnalysedMistake = {
  exchange: exchangeOf("When is bread cheap at the bakery?", ANSWER),
  kind: "incorrect",
  language: "en",
};
const chinese: AnalysedMistake = {
  exchange: exchangeOf("面包店什么时候打折？", "面包店每天都免费送面包。"),
  kind: "incorrect",
  language: "zh",
};
const GOOD =
  "It promises free loaves and a delivery that the bakery never offered, so a customer would come for nothing.";
const GOOD_CHINESE = "这家面包店从未说过每天免费赠送，顾客会因此白跑一趟。";

const policy = { ...DEFAULT_POLICY, operator_rules: [], canaries: ["blue-heron-42"] };
const guardrails = unwrap(createGuardrails(policy, (length) => new Uint8Array(length))).guardrails.fast;
const faultsOf = (text: string, mistake = english): readonly string[] => analysisFaults(text, mistake, guardrails);

describe("an analysis", () => {
  it("passes where it gives a reason of its own", () => {
    expect(faultsOf(GOOD)).toEqual([]);
    expect(faultsOf(GOOD_CHINESE, chinese)).toEqual([]);
  });

  it.each([
    ["empty", ""],
    ["empty", " \n…!?"],
    ["too_long", `${GOOD} `.repeat(40)],
    ["control_characters", `${GOOD}\u0007`],
    ["control_characters", `${GOOD}\ud800`],
    ["control_characters", `\u202e${GOOD}`],
    ["json", JSON.stringify({ why: GOOD })],
    ["json", `\`\`\`json\n{"why": "${GOOD}"}\n\`\`\``],
    ["refusal", "I'm sorry, but I can't help with that bakery and its loaves."],
    ["boilerplate", `As an AI language model, I see that ${GOOD}`],
    ["boilerplate", "This answer is not good because it may be harmful, unethical, offensive or incorrect."],
    ["unspecific", "It mistakes a planet for a star and confuses astronomers with sailors."],
    ["repetition", "The bakery promises loaves. ".repeat(12)],
    ["repetition", `The bakery ${"ha".repeat(200)}`],
    ["copies_answer", `The bakery never said so: ${ANSWER}`],
    ["wrong_language", GOOD_CHINESE],
    ["flagged", `${GOOD} The word blue-heron-42 is in it.`],
  ])("has the fault %s (%#)", (fault, text) => {
    expect(faultsOf(text)).toContain(fault);
  });

  it.each([
    ["boilerplate", "这个回答不好，因为它可能有害、不道德、不正确。"],
    ["wrong_language", GOOD],
    ["repetition", "面包店没有赠送。".repeat(8)],
  ])("has the fault %s in Chinese too (%#)", (fault, text) => {
    expect(faultsOf(text, chinese)).toContain(fault);
  });

  it("may quote the refusal that it is about", () => {
    const refused: AnalysedMistake = { ...english, kind: "over_refusal" };
    expect(faultsOf(`There was no need to refuse; the bakery said: ${ANSWER}`, refused)).not.toContain("copies_answer");
  });

  it("has not passed where a guardrail fails", () => {
    const failing: FastGuardrail = {
      ...{ id: "failing", version: "1", sides: ["output"], categories: ["S1"] },
      check: () => {
        throw new Error("broken");
      },
    };
    expect(analysisFaults(GOOD, english, [failing])).toEqual(["guardrail_error"]);
  });

  it("has named faults, each once, whatever it and the exchange are", () => {
    const mixed = fc.array(fc.oneof(anyText, fc.constantFrom(GOOD, GOOD_CHINESE, "面", "{", "\u0000")), {
      maxLength: 8,
    });
    fc.assert(
      fc.property(mixed, arbitraryExchange(anyText), fc.constantFrom("en", "zh"), (parts, exchange, language) => {
        const faults = analysisFaults(parts.join(" "), { exchange, kind: "other", language }, guardrails);
        expect(new Set(faults).size).toBe(faults.length);
        expect(ANALYSIS_FAULTS).toEqual(expect.arrayContaining([...faults]));
      }),
      { numRuns: 60 },
    );
  });

  it.each(["a", "面", "[{", "\ud800", "a. ", "\u0000"])("of two million %j is checked at once", (unit) => {
    const text = unit.repeat(2_000_000 / unit.length);
    const started = performance.now();
    expect(faultsOf(text)).not.toEqual([]);
    expect(performance.now() - started).toBeLessThan(2_000);
    expect(text.length).toBeGreaterThan(MOST_ANALYSIS_CHARACTERS);
  });
});
