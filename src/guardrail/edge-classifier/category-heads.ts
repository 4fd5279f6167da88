// Which categories a text that was flagged is of: one small regression a category over the same n-grams.
// Law: read only where the classifier has flagged, so that plain text pays nothing for them.
import type { NamedCategory } from "../../policy/category.ts";
import { normalised } from "./ngram-sum.ts";
import { TextFeatures } from "./text-features.ts";

/** The categories with a head: those of which the fitted sets have at least some dozens of texts. */
export const HEAD_CATEGORIES = ["S1", "S2", "S7", "S8", "S9", "S10", "S11", "S12", "S14", "offensive"] as const;

export interface CategoryHead {
  readonly category: NamedCategory;
  readonly bias: number;
  readonly scale: number;
  /** probability at or above which the category is named */
  readonly threshold: number;
}

export interface CategoryHeads {
  /** buckets a head: 2^bucketBits */
  readonly bucketBits: number;
  readonly heads: readonly CategoryHead[];
  /** the heads' tables one behind the other, one signed byte a bucket, in base64 */
  readonly table: string;
}

export interface CategoryProbability {
  readonly category: NamedCategory;
  readonly probability: number;
  readonly threshold: number;
}

/** Of all texts together, likeliest first. */
export type ReadCategories = (texts: readonly string[]) => readonly CategoryProbability[];

export function createCategoryReader({ bucketBits, heads, table }: CategoryHeads): ReadCategories {
  const bytes = Int8Array.from(atob(table), (byte) => byte.charCodeAt(0));
  const buckets = 2 ** bucketBits;
  if (bytes.length !== heads.length * buckets) {
    throw new Error(`The table of the category heads holds ${bytes.length} bytes, not ${heads.length} × ${buckets}.`);
  }
  const tables = heads.map((head, place) => ({
    head,
    weights: bytes.subarray(place * buckets, (place + 1) * buckets),
  }));

  return (texts) => {
    // All heads have the same buckets: they are found once, and each head's sum is over those alone.
    const seen = new Uint8Array(buckets);
    const features = new TextFeatures({
      add: (hash) => {
        seen[hash & (buckets - 1)] = 1;
      },
    });
    for (const text of texts) {
      features.push(text);
      features.end();
    }
    const found = [...seen.keys()].filter((bucket) => seen[bucket] === 1);
    return tables
      .map(({ head: { category, bias, scale, threshold }, weights }) => {
        const sum = found.reduce((total, bucket) => total + (weights[bucket] ?? 0), 0);
        const probability = 1 / (1 + Math.exp(-(bias + scale * normalised(sum, found.length))));
        return { category, probability, threshold };
      })
      .toSorted((left, right) => right.probability - left.probability);
  };
}
