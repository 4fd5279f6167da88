// Ids sort by the time they were made.
import * as fc from "fast-check";
import { expect, it } from "vitest";
import { createMakeId, idFloor } from "../../src/lib/ids.ts";

const bytes = (fill: number) => (length: number) => new Uint8Array(length).fill(fill);
const time = fc.integer({ min: 0, max: Date.UTC(5188, 0) });

it("begins with its prefix and always has the same length", () => {
  fc.assert(
    fc.property(time, fc.nat(255), (now, fill) => {
      expect(createMakeId(() => now, bytes(fill))("mis")).toMatch(/^mis_[0-9a-z]{25}$/);
    }),
  );
});

it("sorts by time, whatever chance says", () => {
  fc.assert(
    fc.property(time, time, fc.nat(255), fc.nat(255), (earlier, later, left, right) => {
      fc.pre(earlier < later);
      const first = createMakeId(() => earlier, bytes(left))("rel");
      const second = createMakeId(() => later, bytes(right))("rel");
      expect(first < second).toBe(true);
    }),
  );
});

it("sorts after the floor of its moment, and before the floor of the next", () => {
  fc.assert(
    fc.property(time, fc.nat(255), (now, fill) => {
      const id = createMakeId(() => now, bytes(fill))("use");
      expect(idFloor("use", now) < id && id < idFloor("use", now + 1)).toBe(true);
    }),
  );
});

it("differs within one millisecond", () => {
  const makeId = createMakeId(
    () => 1,
    (length) => crypto.getRandomValues(new Uint8Array(length)),
  );
  expect(new Set(Array.from({ length: 500 }, () => makeId("req"))).size).toBe(500);
});
