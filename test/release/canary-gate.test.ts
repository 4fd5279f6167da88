// The gate of a canary: what is promoted, what is taken back, and what waits.
import { expect, it } from "vitest";
import { DAY_MILLISECONDS } from "../../src/lib/utc-day.ts";
import {
  canaryGateSchema,
  DEFAULT_GATE,
  judgeCanary,
  NO_TRIALS,
  type TrialCounts,
} from "../../src/release/canary-gate.ts";

function counts(
  incumbent: Partial<TrialCounts["incumbent"]>,
  candidate: Partial<TrialCounts["candidate"]>,
): TrialCounts {
  return {
    incumbent: { ...NO_TRIALS.incumbent, ...incumbent },
    candidate: { ...NO_TRIALS.candidate, ...candidate },
  };
}

it("waits while there is nothing to see", () => {
  expect(judgeCanary(NO_TRIALS, DEFAULT_GATE, 0)).toMatchObject({ decision: "continue", reason: "too few requests" });
});

it.each(["flagged", "refused", "error"] as const)("takes back what is proven worse: %s", (outcome) => {
  const bad = counts({ request: 400, [outcome]: 8 }, { request: 100, [outcome]: 50 });
  expect(judgeCanary(bad, DEFAULT_GATE, 0)).toMatchObject({ decision: "roll_back", reason: `worse: ${outcome}` });
});

it("takes back within a few requests what fails every one of them", () => {
  const broken = counts({ request: 200 }, { request: 20, error: 20 });
  expect(judgeCanary(broken, DEFAULT_GATE, 0)).toMatchObject({ decision: "roll_back", reason: "worse: error" });
});

it("promotes what is shown to be no worse within its margins, and not before", () => {
  const alike = (request: number): TrialCounts =>
    counts(
      { request, flagged: request / 50, refused: request / 50, error: request / 100 },
      { request, flagged: request / 50, refused: request / 50, error: request / 100 },
    );
  expect(judgeCanary(alike(200), DEFAULT_GATE, 0)).toMatchObject({
    decision: "continue",
    reason: "not yet shown: flagged",
  });
  expect(judgeCanary(alike(10_000), DEFAULT_GATE, 0).decision).toBe("promote");
});

it("waits for the improvement that it asks for", () => {
  const gate = canaryGateSchema.parse({ must_improve: "flagged" });
  const alike = counts({ request: 10_000, flagged: 500 }, { request: 10_000, flagged: 500 });
  expect(judgeCanary(alike, gate, 0)).toMatchObject({ decision: "continue", reason: "no improvement yet: flagged" });
  const better = counts({ request: 10_000, flagged: 500 }, { request: 10_000, flagged: 200 });
  expect(judgeCanary(better, gate, 0).decision).toBe("promote");
});

it("takes back what nobody could decide on in time, but promotes nothing late", () => {
  const days = DEFAULT_GATE.most_days * DAY_MILLISECONDS;
  expect(judgeCanary(NO_TRIALS, DEFAULT_GATE, days).decision).toBe("continue");
  expect(judgeCanary(NO_TRIALS, DEFAULT_GATE, days + 1)).toMatchObject({ decision: "roll_back", reason: "undecided" });
});

it("never takes more of an outcome than there were requests", () => {
  const odd = counts({ request: 10, flagged: 12 }, { request: 10, flagged: 11 });
  expect(judgeCanary(odd, DEFAULT_GATE, 0).differences.flagged.difference).toBe(0);
});
