// Seeded draws and shuffles: decided by their text alone.
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { seededDraw, shuffled } from "../../src/lib/seeded-draw.ts";

describe("seededDraw", () => {
  it("repeats itself, stays within bounds, and differs by text", () => {
    fc.assert(
      fc.property(fc.string(), (text) => {
        const [first, second] = [seededDraw(text), seededDraw(text)];
        for (let count = 0; count < 20; count += 1) {
          const drawn = first();
          expect(drawn).toBe(second());
          expect(drawn).toBeGreaterThanOrEqual(0);
          expect(drawn).toBeLessThan(1);
        }
      }),
    );
    expect(seededDraw("a")()).not.toBe(seededDraw("b")());
  });

  it("is spread evenly", () => {
    const draw = seededDraw("spread");
    const tenths = Array.from({ length: 10 }, () => 0);
    for (let count = 0; count < 10_000; count += 1) {
      const place = Math.floor(draw() * 10);
      tenths[place] = (tenths[place] ?? 0) + 1;
    }
    for (const count of tenths) expect(Math.abs(count - 1_000)).toBeLessThan(150);
  });
});

describe("shuffled", () => {
  it("keeps every item, and its order is the seed's", () => {
    fc.assert(
      fc.property(fc.array(fc.integer()), fc.string(), (items, text) => {
        const once = shuffled(items, seededDraw(text));
        expect(once).toEqual(shuffled(items, seededDraw(text)));
        expect(once.toSorted()).toEqual(items.toSorted());
      }),
    );
  });
});
