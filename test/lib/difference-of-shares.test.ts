// The difference of two shares: what its interval holds, however often it is looked at.
import fc from "fast-check";
import { expect, it } from "vitest";
import { differenceOfShares } from "../../src/lib/difference-of-shares.ts";
import { seededRandom } from "../fakes/faults.ts";

it("knows nothing of nothing, and more of more", () => {
  const none = { count: 0, total: 0 };
  expect(differenceOfShares(none, none, 0.05)).toEqual({ difference: 0, low: -1, high: 1 });
  const few = differenceOfShares({ count: 30, total: 100 }, { count: 10, total: 100 }, 0.05);
  const many = differenceOfShares({ count: 3_000, total: 10_000 }, { count: 1_000, total: 10_000 }, 0.05);
  expect(few.low).toBeLessThan(0);
  expect(many.low).toBeGreaterThan(0.15);
  expect(many.high).toBeLessThan(0.25);
});

it("turns its sign with its arms, and holds its estimate", () => {
  const share = fc.nat(5_000).chain((total) => fc.record({ count: fc.nat(total), total: fc.constant(total) }));
  fc.assert(
    fc.property(share, share, (first, second) => {
      const [there, back] = [differenceOfShares(first, second, 0.05), differenceOfShares(second, first, 0.05)];
      expect(there.low).toBeCloseTo(-back.high, 12);
      expect(there.low).toBeLessThanOrEqual(there.difference);
      expect(there.difference).toBeLessThanOrEqual(there.high);
    }),
  );
});

it.each([0.02, 0.1, 0.5])(
  "at a share of %d for both errs at any of 200 looks in less than a twentieth of all trials",
  (rate) => {
    const random = seededRandom(7);
    const TRIALS = 300;
    let wrong = 0;
    for (let trial = 0; trial < TRIALS; trial += 1) {
      const [first, second] = [
        { count: 0, total: 0 },
        { count: 0, total: 0 },
      ];
      let isWrong = false;
      for (let look = 0; look < 200 && !isWrong; look += 1) {
        for (let request = 0; request < 20; request += 1) {
          const arm = random() < 0.3 ? first : second;
          arm.total += 1;
          if (random() < rate) arm.count += 1;
        }
        const { low, high } = differenceOfShares(first, second, 0.05);
        isWrong = low > 0 || high < 0;
      }
      if (isWrong) wrong += 1;
    }
    expect(wrong / TRIALS).toBeLessThan(0.05);
  },
);
