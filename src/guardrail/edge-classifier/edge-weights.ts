// What a trained edge classifier consists of, and how its bytes are read.
// Law: the shape is shared by the trainer that writes it and the classifier that reads it.
import type { CategoryHeads } from "./category-heads.ts";

/** The blocks of the table in order: one space of n-grams each, so that a word means one thing in each of them. */
export const BLOCKS = ["inputPrompt", "outputPrompt", "outputAnswer", "outputOpening"] as const;
export type Block = (typeof BLOCKS)[number];

/** The score is σ(bias + Σ scale · Σ weights ÷ √distinct); Platt's slope and intercept are folded into both. */
export interface EdgeWeights {
  /** names these very numbers: a hash over all the rest */
  readonly version: string;
  /** buckets a block: 2^bucketBits */
  readonly bucketBits: number;
  /** how many words of the answer count as its opening, where refusals are said */
  readonly openingWords: number;
  readonly bias: { readonly input: number; readonly output: number };
  readonly scale: Readonly<Record<Block, number>>;
  /** all blocks, one signed byte a bucket, in base64 */
  readonly table: string;
  readonly categories: CategoryHeads;
}

/** Score at or above which a side is flagged, or asked a judge about; null only reports the score. */
export interface EdgeThresholds {
  readonly input: number | null;
  readonly output: number | null;
}

export function readTable(weights: EdgeWeights): Readonly<Record<Block, Int8Array>> {
  const bytes = atob(weights.table);
  const buckets = 2 ** weights.bucketBits;
  if (bytes.length !== BLOCKS.length * buckets) {
    throw new Error(`The edge classifier's table holds ${bytes.length} bytes, not ${BLOCKS.length} × ${buckets}.`);
  }
  const block = (place: number): Int8Array => {
    const start = place * buckets;
    const table = new Int8Array(buckets);
    for (let bucket = 0; bucket < buckets; bucket += 1) table[bucket] = bytes.charCodeAt(start + bucket);
    return table;
  };
  return { inputPrompt: block(0), outputPrompt: block(1), outputAnswer: block(2), outputOpening: block(3) };
}
