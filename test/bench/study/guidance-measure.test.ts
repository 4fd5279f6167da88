// The study's figures, and its texts and pairs: what is counted as raised, and that the control is as long as the guidance.
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { CONTROL_TEXTS } from "../../../bench/study/control-texts.ts";
import { guidanceReport, type Margins, mcnemarP } from "../../../bench/study/guidance-measure.ts";
import { spread } from "../../../bench/study/guidance-pairs.ts";
import { MILD_PAIRS } from "../../../bench/study/mild-pairs.ts";
import { GUIDANCE_TEXTS } from "../../../src/generation/guidance/guidance-texts.ts";

const margins = (unguided: number, guided: number, control: number): Margins => ({ unguided, guided, control });

describe("the report", () => {
  it("counts a pair as raised only where its margin is higher, and sets guidance against control on the same pairs", () => {
    const report = guidanceReport([
      margins(0.1, 0.2, 0.1),
      margins(-0.5, -0.4, -0.6),
      margins(0, 0, 0.1),
      margins(0.3, 0.5, 0.6),
    ]);
    expect(report.raisedByGuidance).toMatchObject({ count: 3, total: 4 });
    expect(report.raisedByControl).toMatchObject({ count: 2, total: 4 });
    expect(report.aboveControl).toMatchObject({ count: 2, total: 4 });
    expect(report.prefersGoodUnguided).toMatchObject({ count: 2, total: 4 });
    expect(report.mcnemar).toMatchObject({ onlyGuidance: 2, onlyControl: 1 });
    expect(report.meanChangeGuided).toBeCloseTo(0.1, 10);
    expect(report.meanChangeControl).toBeCloseTo(0.075, 10);
  });

  it("has no share of no pairs", () => {
    expect(guidanceReport([])).toMatchObject({ pairs: 0, raisedByGuidance: null, meanChangeGuided: null });
  });
});

describe("McNemar's p", () => {
  it.each([
    [0, 0, 1],
    [5, 5, 1],
    [0, 5, 0.0625],
    [1, 9, 0.021484375],
    [2, 0, 0.5],
  ])("of %i against %i is %f", (left, right, p) => {
    expect(mcnemarP(left, right)).toBeCloseTo(p, 9);
  });

  it("is symmetric and a probability", () => {
    fc.assert(
      fc.property(fc.nat(300), fc.nat(300), (left, right) => {
        const p = mcnemarP(left, right);
        expect(p).toBeCloseTo(mcnemarP(right, left), 9);
        expect(p).toBeGreaterThanOrEqual(0);
        expect(p).toBeLessThanOrEqual(1);
      }),
      { numRuns: 50 },
    );
  });
});

it.each(["en", "zh"] as const)("the control is as long as the guidance: %s", (language) => {
  const lengths = ({ before, after }: { before: string; after: string }): number[] => [before.length, after.length];
  expect(lengths(CONTROL_TEXTS[language])).toEqual(lengths(GUIDANCE_TEXTS[language]));
});

it("takes pairs from the whole of a set", () => {
  expect(spread([0, 1, 2, 3, 4, 5], 3)).toEqual([0, 2, 4]);
  expect(spread([0, 1], 3)).toEqual([0, 1]);
});

it("has mild pairs of its own in both languages", () => {
  expect(new Set(MILD_PAIRS.map(({ prompt }) => prompt)).size).toBe(MILD_PAIRS.length);
  expect(MILD_PAIRS.every(({ good, bad }) => good !== bad)).toBe(true);
});
