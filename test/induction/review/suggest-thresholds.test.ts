// What reviews say of thresholds: the lowest score that reaches the target, and nothing where there are too few.
import fc from "fast-check";
import { expect, it } from "vitest";
import { FEWEST_REVIEWED, suggestThresholds } from "../../../src/induction/review/suggest-thresholds.ts";
import type { ScoredMistake } from "../../../src/mistake/review-store.ts";
import type { Verdict } from "../../../src/guardrail/verdict.ts";

function scored(score: number | null, isMistake: boolean, changes: Partial<Verdict> = {}): ScoredMistake {
  const finding = { rule: "r", category: "S1" as const, span: null, message: "m" };
  const verdict: Verdict = {
    ...{ guardrail: "edge", version: "1", side: "output", status: "flag", reason: null, score, threshold: 0.5 },
    ...{ latencyMilliseconds: null, rationale: null, findings: [finding] },
    ...changes,
  };
  return { isMistake, verdicts: [verdict] };
}

it("suggests the lowest score from which on enough was confirmed", () => {
  const high = Array.from({ length: 30 }, () => scored(0.9, true));
  const low = Array.from({ length: 20 }, (_, index) => scored(0.6, index % 2 === 0));
  expect(suggestThresholds([...high, ...low], 0.9)).toEqual([
    {
      ...{ guardrail: "edge", side: "output", category: "S1", reviewed: 50, confirmed: 40, currentThreshold: 0.5 },
      ...{ precision: 0.8, suggestedThreshold: 0.9, suggestedPrecision: 1, kept: 0.75 },
    },
  ]);
  expect(suggestThresholds([...high, ...low], 0.8)).toMatchObject([{ suggestedThreshold: 0.6, kept: 1 }]);
});

it("suggests nothing where too few were reviewed, or none reaches the target", () => {
  const few = Array.from({ length: FEWEST_REVIEWED - 1 }, () => scored(0.9, true));
  expect(suggestThresholds(few, 0.5)).toMatchObject([{ precision: 1, suggestedThreshold: null, kept: null }]);
  const wrong = Array.from({ length: 40 }, () => scored(0.9, false));
  expect(suggestThresholds(wrong, 0.5)).toMatchObject([{ precision: 0, suggestedThreshold: null, kept: null }]);
});

it("counts by guardrail, side and category, and only flags with a score and a threshold", () => {
  const findings = ["S1", "S1", "pii"].map(
    (category) => ({ rule: "r", category: "S1", span: null, message: category }) as const,
  );
  const suggestions = suggestThresholds(
    [
      scored(0.9, true, { threshold: 0.7 }),
      scored(0.6, false, { findings }),
      scored(0.9, true, { side: "input" }),
      scored(null, true),
      scored(0.9, true, { threshold: null }),
      scored(0.1, true, { status: "pass", findings: [] }),
    ],
    0.9,
  );
  expect(suggestions).toMatchObject([
    { side: "output", reviewed: 2, currentThreshold: 0.7, precision: 1 },
    { side: "input", reviewed: 1 },
  ]);
  expect(suggestThresholds([], 0.9)).toEqual([]);
});

it("is the best there is: no lower score reaches the target, and from it on the share is what it says", () => {
  const samples = fc.array(fc.tuple(fc.integer({ min: 0, max: 9 }), fc.boolean()), { maxLength: 120 });
  fc.assert(
    fc.property(samples, fc.double({ min: 0.05, max: 1, noNaN: true }), (drawn, target) => {
      const all = drawn.map(([tenths, isMistake]) => ({ score: tenths / 10, isMistake }));
      const [suggestion] = suggestThresholds(
        all.map(({ score, isMistake }) => scored(score, isMistake)),
        target,
      );
      const reaching = [...new Set(all.map(({ score }) => score))].filter((threshold) => {
        const above = all.filter(({ score }) => score >= threshold);
        return (
          above.length >= FEWEST_REVIEWED && above.filter(({ isMistake }) => isMistake).length / above.length >= target
        );
      });
      expect(suggestion?.suggestedThreshold ?? null).toBe(reaching.length === 0 ? null : Math.min(...reaching));
    }),
    { numRuns: 300 },
  );
});
