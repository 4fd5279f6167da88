// Rows in which each pair of values meets.
import { describe, expect, it } from "vitest";
import { missingPairs, spreadPairs } from "../../../scripts/coverage-matrix/pairwise.ts";

interface Drink {
  readonly [factor: string]: string | number;
  readonly cup: string;
  readonly size: number;
  readonly milk: string;
}

function drinks(cup: string): readonly Drink[] {
  return [1, 2].flatMap((size) => ["no", "yes"].map((milk) => ({ cup, size, milk })));
}

describe("pairwise rows", () => {
  it("cover every pair with fewer rows than there are combinations", () => {
    const fixed = ["mug", "mug", "glass", "glass"].map(drinks);
    const rows = spreadPairs(fixed);
    expect(rows).toHaveLength(4);
    expect(missingPairs(fixed.flat(), rows)).toEqual([]);
  });

  it("are told where they are too few", () => {
    const fixed = [drinks("mug")];
    const rows = spreadPairs(fixed);
    expect(missingPairs(fixed.flat(), rows)).toHaveLength(5);
  });
});
