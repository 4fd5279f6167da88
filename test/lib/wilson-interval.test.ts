// Wilson's interval against published values.
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { wilsonInterval } from "../../src/lib/wilson-interval.ts";

describe("wilsonInterval", () => {
  it.each([
    // Newcombe 1998 (Statistics in Medicine 17, table I, method 3).
    [81, 263, 0.2553, 0.3662],
    [15, 148, 0.0624, 0.1605],
    [0, 20, 0, 0.1611],
    [1, 29, 0.0061, 0.1718],
    [29, 29, 0.883, 1],
  ])("of %i in %i is %f to %f", (successes, trials, low, high) => {
    const interval = wilsonInterval(successes, trials);
    expect(interval.low).toBeCloseTo(low, 4);
    expect(interval.high).toBeCloseTo(high, 4);
  });

  it("knows nothing without a trial", () => {
    expect(wilsonInterval(0, 0)).toEqual({ low: 0, high: 1 });
  });

  it("holds the share, stays within 0 and 1, and mirrors", () => {
    const counts = fc.tuple(fc.nat(500), fc.integer({ min: 1, max: 500 })).filter(([some, all]) => some <= all);
    fc.assert(
      fc.property(counts, ([successes, trials]) => {
        const { low, high } = wilsonInterval(successes, trials);
        expect(low).toBeGreaterThanOrEqual(0);
        expect(high).toBeLessThanOrEqual(1);
        expect(low).toBeLessThanOrEqual(successes / trials);
        expect(high).toBeGreaterThanOrEqual(successes / trials);
        expect(wilsonInterval(trials - successes, trials).low).toBeCloseTo(1 - high, 9);
      }),
    );
  });
});
