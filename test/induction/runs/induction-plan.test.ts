// A run's plan: decided by its seed, within its budget, both arms of a pair together.
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { drawsOf, inductionPlan, MOST_ATTEMPTS } from "../../../src/induction/runs/induction-plan.ts";
import { TECHNIQUE_IDS } from "../../../src/induction/techniques/catalogue.ts";
import { INDUCTION_ARMS } from "../../../src/mistake/induction-run.ts";

const settingsOf = fc.record({
  techniques: fc.subarray([...TECHNIQUE_IDS]),
  arms: fc.subarray([...INDUCTION_ARMS], { minLength: 1 }),
  budget: fc.nat(200),
  seed: fc.nat(),
});

describe("inductionPlan", () => {
  it("is the same for the same seed, within its budget, numbered from 0, and never tries anything twice", () => {
    fc.assert(
      fc.property(fc.nat(20), settingsOf, (seeds, settings) => {
        const plan = inductionPlan(seeds, settings);
        expect(plan).toEqual(inductionPlan(seeds, settings));
        expect(plan.reduce((sum, { calls }) => sum + calls, 0)).toBeLessThanOrEqual(settings.budget);
        expect(plan.map(({ index }) => index)).toEqual(plan.map((_, place) => place));
        expect(new Set(plan.map(({ seed, technique, arm }) => `${seed} ${technique} ${arm}`)).size).toBe(plan.length);
        // Both arms of a pair, or none.
        expect(plan.length % settings.arms.length).toBe(0);
      }),
    );
  });

  it("holds everything where the budget allows it, in an order that the seed decides", () => {
    const settings = { techniques: TECHNIQUE_IDS, arms: INDUCTION_ARMS, budget: 1_000, seed: 1 };
    const plan = inductionPlan(3, settings);
    expect(plan).toHaveLength(3 * TECHNIQUE_IDS.length * 2);
    expect(inductionPlan(3, { ...settings, seed: 2 })).not.toEqual(plan);
  });

  it("counts what guidance costs, and knows a longest plan", () => {
    const settings = { techniques: ["direct"], arms: INDUCTION_ARMS, budget: 10, seed: 1 };
    expect(inductionPlan(10, settings, { unguided: 1, guided: 2 })).toHaveLength(6);
    expect(inductionPlan(50_000, { ...settings, budget: 1_000_000 })).toHaveLength(MOST_ATTEMPTS);
  });

  it("draws the same for both arms of a pair, and for no other", () => {
    const settings = { techniques: ["hint"], arms: INDUCTION_ARMS, budget: 4, seed: 7 };
    const draws = inductionPlan(2, settings).map((attempt) => drawsOf(settings, attempt)());
    expect(draws[0]).toBe(draws[1]);
    expect(draws[2]).toBe(draws[3]);
    expect(draws[0]).not.toBe(draws[2]);
  });
});
