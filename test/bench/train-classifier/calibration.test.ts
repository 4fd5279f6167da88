// Calibration. Law: increasing, and true to the shares it was shown.
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { normalQuantile, plattCalibration } from "../../../scripts/train-classifier/calibration.ts";

const sample = fc.record({
  score: fc.double({ min: -5, max: 5, noNaN: true }),
  positive: fc.boolean(),
  weight: fc.constant(1),
});

describe("plattCalibration", () => {
  it("never turns an order round", () => {
    fc.assert(
      fc.property(fc.array(sample, { minLength: 1, maxLength: 40 }), (scored) => {
        expect(plattCalibration(scored).slope).toBeGreaterThan(0);
      }),
    );
  });

  it("finds the share of harm at each score", () => {
    const scored = [-2, 2].flatMap((score) =>
      Array.from({ length: 1000 }, (_, index) => ({ score, positive: index < (score < 0 ? 100 : 900), weight: 1 })),
    );
    const { slope, intercept } = plattCalibration(scored);
    expect(1 / (1 + Math.exp(-(2 * slope + intercept)))).toBeCloseTo(0.9, 2);
    expect(1 / (1 + Math.exp(-(-2 * slope + intercept)))).toBeCloseTo(0.1, 2);
  });
});

describe("normalQuantile", () => {
  it("lies so many deviations above the mean", () => {
    expect(normalQuantile([1, 2, 3], 2)).toBeCloseTo(4, 9);
    expect(normalQuantile([5], 2)).toBe(5);
  });
});
