// Ranges of several views told once. Law: what lies within another goes, what goes further stays.
import { expect, it } from "vitest";
import { distinctRanges } from "../../src/guardrail/distinct-ranges.ts";

it("keeps, in order, what goes further than all before it", () => {
  const ranges = [
    { start: 8, end: 9 },
    { start: 0, end: 4 },
    { start: 0, end: 6 },
    { start: 2, end: 6 },
    { start: 5, end: 7 },
  ];
  expect(distinctRanges(ranges)).toEqual([
    { start: 0, end: 6 },
    { start: 5, end: 7 },
    { start: 8, end: 9 },
  ]);
});
