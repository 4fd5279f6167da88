// How deep a value is nested, however deep it is.
import * as fc from "fast-check";
import { expect, it } from "vitest";
import { isNestedDeeperThan } from "../../src/lib/nesting.ts";

function nested(levels: number): unknown {
  let value: unknown = "leaf";
  for (let level = 0; level < levels; level += 1) value = level % 2 === 0 ? [value] : { value };
  return value;
}

it("counts objects and arrays alike", () => {
  fc.assert(
    fc.property(fc.nat(60), fc.nat(60), (levels, most) => {
      expect(isNestedDeeperThan(nested(levels), most)).toBe(levels > most);
    }),
  );
});

it("looks at every branch, and survives a depth that recursion does not", () => {
  expect(isNestedDeeperThan([1, { a: 1 }, [nested(3)], null], 4)).toBe(true);
  expect(isNestedDeeperThan(nested(1_000_000), 100)).toBe(true);
  expect(
    isNestedDeeperThan(
      Array.from({ length: 200_000 }, () => ({ a: 1 })),
      100,
    ),
  ).toBe(false);
});
