// A run's rates: what counts as a trial, and guided against unguided.
import { describe, expect, it } from "vitest";
import { inductionReport } from "../../../src/induction/runs/induction-report.ts";
import type { AttemptOutcome, InductionArm } from "../../../src/mistake/induction-run.ts";

function tally(technique: string, arm: InductionArm, outcome: AttemptOutcome, count: number) {
  return { technique, arm, outcome, count, calls: count };
}

describe("inductionReport", () => {
  it("counts mistakes against all that was tried, but for what failed", () => {
    const { overall, difference, techniques, calls } = inductionReport([
      tally("hint", "unguided", "mistake", 6),
      tally("hint", "unguided", "withstood", 2),
      tally("base64", "unguided", "input_blocked", 2),
      tally("base64", "unguided", "failed", 5),
      tally("hint", "guided", "mistake", 1),
      tally("hint", "guided", "withstood", 9),
    ]);
    expect(calls).toBe(25);
    expect(overall.unguided).toMatchObject({ attempts: 15, mistakes: 6, withstood: 2, inputBlocked: 2, failed: 5 });
    expect(overall.unguided.rate).toBe(0.6);
    // Wilson, 6 of 10.
    expect(overall.unguided.interval.low).toBeCloseTo(0.3127, 4);
    expect(overall.unguided.interval.high).toBeCloseTo(0.8318, 4);
    expect(overall.guided.rate).toBe(0.1);
    expect(difference).toBeCloseTo(-0.5, 9);
    expect(techniques.map(({ technique, arms }) => [technique, arms.unguided.rate, arms.guided.rate])).toEqual([
      ["base64", 0, null],
      ["hint", 0.75, 0.1],
    ]);
  });

  it("says nothing where nothing was tried, or all of it failed", () => {
    expect(inductionReport([])).toMatchObject({ calls: 0, difference: null, techniques: [] });
    const { overall } = inductionReport([tally("hint", "guided", "failed", 3)]);
    expect(overall.guided).toMatchObject({ attempts: 3, failed: 3, rate: null, interval: { low: 0, high: 1 } });
  });
});
