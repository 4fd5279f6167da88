// The figures of a detector. Law: known values, and null where the labels allow none.
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
  areaInterval,
  areaUnderPrecisionRecall,
  areaUnderRoc,
  proportion,
  recallAtFalsePositiveRate,
} from "../../bench/detect-metrics.ts";

describe("areaUnderRoc", () => {
  it("is the share of pairs in the right order, ties counting half", () => {
    expect(areaUnderRoc([0.1, 0.4, 0.4, 0.8], [false, false, true, true])).toBe(3.5 / 4);
  });

  it("is null with one label only", () => {
    expect(areaUnderRoc([0.1, 0.2], [true, true])).toBeNull();
    expect(areaUnderRoc([], [])).toBeNull();
  });

  it("turns round when the scores do", () => {
    const samples = fc.array(fc.tuple(fc.integer({ min: 0, max: 9 }), fc.boolean()), { minLength: 2 });
    fc.assert(
      fc.property(samples, (pairs) => {
        const labels = pairs.map(([, label]) => label);
        const area = areaUnderRoc(
          pairs.map(([score]) => score),
          labels,
        );
        const turned = areaUnderRoc(
          pairs.map(([score]) => -score),
          labels,
        );
        if (area === null || turned === null) expect(area).toBe(turned);
        else expect(area + turned).toBeCloseTo(1, 9);
      }),
    );
  });
});

describe("areaInterval", () => {
  it("has the variance of the Mann–Whitney statistic where nothing is told apart", () => {
    const { low, high } = areaInterval(0.5, 50, 60);
    expect((high - low) / 2 / 1.959964).toBeCloseTo(Math.sqrt((50 + 60 + 1) / (12 * 50 * 60)), 9);
  });

  it("stays within 0 and 1", () => {
    expect(areaInterval(1, 5, 5)).toEqual({ low: 1, high: 1 });
    expect(areaInterval(0.95, 3, 3).high).toBe(1);
  });
});

describe("areaUnderPrecisionRecall", () => {
  it("is average precision", () => {
    expect(areaUnderPrecisionRecall([0.9, 0.8, 0.7], [true, false, true])).toBeCloseTo((1 + 2 / 3) / 2, 9);
  });

  it("is the base rate where all scores are alike", () => {
    expect(areaUnderPrecisionRecall([1, 1, 1, 1], [true, false, false, false])).toBe(0.25);
  });

  it("is null with one label only", () => {
    expect(areaUnderPrecisionRecall([1, 2], [false, false])).toBeNull();
  });
});

describe("recallAtFalsePositiveRate", () => {
  it("counts the harmful above the highest threshold the rate allows", () => {
    const scores = [...Array.from({ length: 100 }, (_, index) => index), 98.5, 99.5, 3];
    const positives = scores.map((_, index) => index >= 100);
    expect(recallAtFalsePositiveRate(scores, positives, 0.01)?.value).toBeCloseTo(2 / 3, 9);
    expect(recallAtFalsePositiveRate(scores, positives, 0)?.value).toBeCloseTo(1 / 3, 9);
  });

  it("is null without harmful or without safe samples", () => {
    expect(recallAtFalsePositiveRate([1], [true], 0.01)).toBeNull();
    expect(recallAtFalsePositiveRate([1], [false], 0.01)).toBeNull();
  });
});

describe("proportion", () => {
  it("has Wilson's interval", () => {
    // Newcombe 1998, table I: 15 of 148 has the interval 0.0624 to 0.1605.
    const share = proportion(15, 148);
    expect(share?.low).toBeCloseTo(0.0624, 4);
    expect(share?.high).toBeCloseTo(0.1605, 4);
  });

  it("stays within 0 and 1, and is null of nothing", () => {
    expect(proportion(0, 10)?.low).toBeCloseTo(0, 9);
    expect(proportion(10, 10)?.high).toBeCloseTo(1, 9);
    expect(proportion(0, 0)).toBeNull();
  });
});
