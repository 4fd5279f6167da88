// Samples as sparse vectors, made by the very n-grams that the classifier reads at run time.
// Law: block b's bucket k has index b × buckets + k, and each block's vector has the block's length as its L2 norm.
import { TextFeatures } from "../../src/guardrail/edge-classifier/text-features.ts";

export interface SparseVector {
  readonly indices: Int32Array;
  readonly values: Float64Array;
}

export interface BlockText {
  readonly buckets: ReadonlySet<number>;
  /** the length of this block's vector: how much a block weighs against the others before anything is learnt */
  readonly length: number;
}

/** The distinct buckets of a text; with `firstWords`, of its opening only. */
export function distinctBuckets(text: string, bucketBits: number, firstWords = Infinity): Set<number> {
  const mask = 2 ** bucketBits - 1;
  const buckets = new Set<number>();
  const features = new TextFeatures({
    add: (hash, word) => {
      if (word < firstWords) buckets.add(hash & mask);
    },
  });
  features.push(text);
  features.end();
  return buckets;
}

export function sparseVector(blocks: readonly BlockText[], bucketBits: number): SparseVector {
  const size = blocks.reduce((total, { buckets }) => total + buckets.size, 0);
  const indices = new Int32Array(size);
  const values = new Float64Array(size);
  let place = 0;
  for (const [block, { buckets, length }] of blocks.entries()) {
    const value = length / Math.sqrt(buckets.size);
    for (const bucket of buckets) {
      indices[place] = block * 2 ** bucketBits + bucket;
      values[place] = value;
      place += 1;
    }
  }
  return { indices, values };
}

export function difference(left: SparseVector, right: SparseVector): SparseVector {
  const sums = new Map<number, number>();
  const take = (vector: SparseVector, sign: number): void => {
    for (const [place, index] of vector.indices.entries()) {
      sums.set(index, (sums.get(index) ?? 0) + sign * (vector.values[place] ?? 0));
    }
  };
  take(left, 1);
  take(right, -1);
  const entries = [...sums].filter(([, value]) => value !== 0);
  return {
    indices: Int32Array.from(entries, ([index]) => index),
    values: Float64Array.from(entries, ([, value]) => value),
  };
}

export function dot(weights: Float64Array, vector: SparseVector): number {
  const { indices, values } = vector;
  let sum = 0;
  for (let place = 0; place < indices.length; place += 1) {
    sum += (weights[indices[place] ?? 0] ?? 0) * (values[place] ?? 0);
  }
  return sum;
}
