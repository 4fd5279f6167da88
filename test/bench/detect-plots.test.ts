// What the plots show. Law: a bin says what was given and what was seen; nothing is drawn from no rows.
import { describe, expect, it } from "vitest";
import { calibrationError, plot, reliability, rocCurve } from "../../bench/detect-plots.ts";

const SCORED = [
  { score: 0.05, harmful: false },
  { score: 0.15, harmful: false },
  { score: 0.85, harmful: true },
  { score: 1, harmful: true },
  { score: 0.95, harmful: false },
];

describe("reliability", () => {
  it("has the mean score and the share of harm of each bin with rows", () => {
    const bins = reliability(SCORED, 2);
    expect(bins).toHaveLength(2);
    expect(bins[0]).toMatchObject({ seen: 0, rows: 2 });
    expect(bins[1]?.seen).toBeCloseTo(2 / 3);
    expect(bins[1]?.said).toBeCloseTo(2.8 / 3);
    expect(calibrationError(bins)).toBeCloseTo((2 * 0.1 + 0.8) / 5);
  });

  it("has no error where there are no rows", () => {
    expect(calibrationError(reliability([], 10))).toBeNull();
  });
});

describe("rocCurve", () => {
  it("goes from nothing to everything, and takes ties together", () => {
    const { points } = rocCurve("x", [...SCORED, { score: 1, harmful: false }]);
    expect(points[0]).toEqual([0, 0]);
    expect(points[1]).toEqual([0.25, 0.5]);
    expect(points.at(-1)).toEqual([1, 1]);
  });
});

describe("plot", () => {
  it("is one SVG with a line a curve and its name escaped", () => {
    const svg = plot("A & B", ["x", "y"], [rocCurve("<one>", SCORED), rocCurve("two", SCORED)]);
    expect(svg.match(/<polyline/g)).toHaveLength(2);
    expect(svg).toContain("&lt;one>");
    expect(svg).toContain("A &amp; B");
  });
});
