// Back-off with full jitter, unless the server says how long.
import * as fc from "fast-check";
import { expect, it } from "vitest";
import { retryDelayMilliseconds } from "../../src/lib/retry-delay.ts";

it.each([
  [0, 0.5, null, 100],
  [1, 0.5, null, 200],
  [2, 0.5, null, 400],
  [20, 0.5, null, 2_500],
  [0, 0, null, 0],
  [0, 0.5, "2", 2_000],
  [0, 0.5, "0", 0],
  [0, 0.5, "3600", 5_000],
  [0, 0.5, "-1", 100],
  [0, 0.5, "Wed, 21 Oct 2026 07:28:00 GMT", 100],
])("after attempt %i, chance %d and Retry-After %j it waits %i ms", (attempt, random, retryAfter, milliseconds) => {
  expect(retryDelayMilliseconds(attempt, random, retryAfter)).toBe(milliseconds);
});

it("is never negative, never above five seconds", () => {
  const header = fc.option(fc.oneof(fc.string(), fc.integer().map(String)), { nil: null });
  fc.assert(
    fc.property(
      fc.nat(1_000),
      fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true }),
      header,
      (attempt, random, after) => {
        const milliseconds = retryDelayMilliseconds(attempt, random, after);
        expect(milliseconds).toBeGreaterThanOrEqual(0);
        expect(milliseconds).toBeLessThanOrEqual(5_000);
      },
    ),
  );
});
