// Copies in disguise. Law: each can be read by whoever undoes it, and a loss is plain recall less disguised recall.
import { judged } from "../../src/guardrail/verdicts.ts";
import { describe, expect, it } from "vitest";
import { DISGUISES, measureDisguises } from "../../bench/detect-disguises.ts";
import { exchangeOf, type DetectionSet } from "../../bench/detect-sets.ts";
import { escalated, tiersOf } from "../../bench/detect-tiers.ts";
import type { FastGuardrail } from "../../src/guardrail/guardrail.ts";

function guardrailThatFinds(word: string, id: string): FastGuardrail {
  return {
    id,
    version: "1",
    sides: ["output"],
    categories: [],
    check: ({ answer }, side) => {
      const isFound = answer.some(({ text }) => text.includes(word));
      const score = isFound ? 0.9 : 0.4;
      const verdict = judged({ id, version: "1" }, side, [], { score, threshold: 0.5 });
      return isFound ? { ...verdict, status: "flag" } : verdict;
    },
  };
}

const SAMPLE = { exchange: exchangeOf("May I?", "Take the cake."), harmful: true, language: "en", promptFitted: false };
const SET: DetectionSet = { name: "tiny", side: "output", use: "labelled", samples: [SAMPLE] };

describe("DISGUISES", () => {
  it.each([
    ["base64", "VGFrZSBpdA=="],
    ["leetspeak", "74k3 17"],
    ["zero-width", "T\u200ba\u200bk\u200be\u200b \u200bi\u200bt"],
    ["spacing", "T a k e   i t"],
  ])("%s", (name, text) => {
    expect(DISGUISES[name]?.("Take it")).toBe(text);
  });
});

describe("measureDisguises", () => {
  it("loses all where the guardrail sees plain words only", () => {
    const report = measureDisguises(guardrailThatFinds("cake", "plain"), [SET]);
    expect(report["base64"]).toMatchObject({ plain: { value: 1 }, disguised: { value: 0 }, lossPoints: 100 });
  });
});

describe("tiersOf", () => {
  it("flags what a rule flags, and scores what none flags by the classifier", () => {
    const classifier = guardrailThatFinds("bread", "edge-classifier");
    const { rules, cascade } = tiersOf([guardrailThatFinds("cake", "rule"), classifier], classifier);
    const of = (text: string) => exchangeOf("May I?", text);
    expect(cascade.check(of("cake"), "output")).toMatchObject({ status: "flag", score: 1 });
    expect(cascade.check(of("bread"), "output")).toMatchObject({ status: "flag", score: 0.9 });
    expect(rules.check(of("bread"), "output")).toMatchObject({ status: "pass", score: 0 });
    const measured = [of("bread"), of("jam")].map((exchange) => {
      return { sample: { ...SAMPLE, exchange }, verdict: cascade.check(exchange, "output") };
    });
    expect(escalated(measured, 0.4)).toMatchObject({ count: 1, total: 2 });
    expect(escalated(measured, null)).toBeNull();
  });
});
