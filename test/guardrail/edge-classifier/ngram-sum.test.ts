// The running sum of a block. Law: distinct n-grams only, in any order.
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { NgramSum } from "../../../src/guardrail/edge-classifier/ngram-sum.ts";

const WEIGHTS = Int8Array.from({ length: 64 }, (_, bucket) => bucket - 32);

function sumOf(hashes: readonly number[]): NgramSum {
  const sum = new NgramSum(WEIGHTS);
  for (const hash of hashes) sum.add(hash);
  return sum;
}

describe("NgramSum", () => {
  it("is nought before anything came", () => {
    expect(sumOf([]).value()).toBe(0);
  });

  it("divides the weights of distinct n-grams by the root of their number", () => {
    expect(sumOf([33, 34, 35, 36]).value()).toBe((1 + 2 + 3 + 4) / 2);
  });

  it("counts an n-gram once, and hashes of one bucket as one", () => {
    expect(sumOf([33, 33, 33 + 64, 33 - 64]).value()).toBe(1);
  });

  it("does not depend on order or repetition, and looks ahead without keeping", () => {
    fc.assert(
      fc.property(fc.array(fc.integer()), fc.array(fc.integer()), (before, after) => {
        const sum = sumOf(before);
        const ahead = sum.valueWith(after);
        expect(sum.value()).toBe(sumOf([...before].reverse()).value());
        expect(ahead).toBe(sumOf([...before, ...after, ...before]).value());
      }),
    );
  });
});
