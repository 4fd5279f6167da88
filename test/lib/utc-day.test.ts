// Minutes and days in UTC.
import fc from "fast-check";
import { expect, it } from "vitest";
import { dayOf, minuteOf, MINUTES_A_DAY, nextDayStart, secondsToNextMinute } from "../../src/lib/utc-day.ts";

const LATE = Date.UTC(2026, 10, 23, 23, 59, 59, 999);

it("ends a day at midnight in UTC", () => {
  expect(dayOf(LATE + 1)).toBe(dayOf(LATE) + 1);
  expect(new Date(nextDayStart(LATE)).toISOString()).toBe("2026-11-24T00:00:00.000Z");
  expect(nextDayStart(LATE + 1)).toBe(LATE + 1 + 86_400_000);
});

it("agrees with itself at any moment", () => {
  fc.assert(
    fc.property(fc.nat(4_000_000_000_000), (moment) => {
      expect(dayOf(moment)).toBe(Math.floor(minuteOf(moment) / MINUTES_A_DAY));
      const wait = secondsToNextMinute(moment);
      expect(wait).toBeGreaterThanOrEqual(1);
      expect(wait).toBeLessThanOrEqual(60);
      expect(minuteOf(moment + wait * 1_000)).toBe(minuteOf(moment) + 1);
    }),
  );
});
