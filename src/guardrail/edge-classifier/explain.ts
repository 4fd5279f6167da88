// Why the edge classifier gave its score: the n-grams that weighed most. Law: pure; what each adds to the logit, so that all of
// them and the bias sum to it. Two n-grams in one bucket are one, under the name that came first.
import type { Side } from "../verdict.ts";
import { type Block, type EdgeWeights, readTable } from "./edge-weights.ts";
import { type NamedNgram, namedNgrams } from "./named-ngrams.ts";

export interface NgramWeight {
  readonly text: string;
  readonly part: "prompt" | "answer";
  /** what it adds to the logit: above 0 towards harm */
  readonly weight: number;
}

/** One block's part of the logit, n-gram by n-gram. */
function blockWeights(table: Int8Array, scale: number, ngrams: readonly NamedNgram[]): ReadonlyMap<string, number> {
  const byBucket = new Map<number, string>();
  for (const { hash, text } of ngrams) {
    const bucket = hash & (table.length - 1);
    if (!byBucket.has(bucket)) byBucket.set(bucket, text);
  }
  const weights = new Map<string, number>();
  const norm = Math.sqrt(byBucket.size);
  for (const [bucket, text] of byBucket) {
    weights.set(text, (weights.get(text) ?? 0) + (scale * (table[bucket] ?? 0)) / norm);
  }
  return weights;
}

/** All of them, those that weigh most first, whichever way. */
export function explainScore(
  weights: EdgeWeights,
  side: Side,
  prompt: readonly string[],
  answer: readonly string[],
): readonly NgramWeight[] {
  const table = readTable(weights);
  const summed = new Map<string, NgramWeight>();
  const add = (block: Block, part: NgramWeight["part"], ngrams: readonly NamedNgram[]): void => {
    for (const [text, weight] of blockWeights(table[block], weights.scale[block], ngrams)) {
      const before = summed.get(`${part} ${text}`)?.weight ?? 0;
      summed.set(`${part} ${text}`, { text, part, weight: before + weight });
    }
  };
  // The classifier reads a prompt's texts as one, and each text of an answer by itself.
  const asked = namedNgrams(prompt.join(" "));
  if (side === "input") add("inputPrompt", "prompt", asked);
  else {
    const answered = answer.flatMap(namedNgrams);
    add("outputPrompt", "prompt", asked);
    add("outputAnswer", "answer", answered);
    const opening = answered.filter(({ word }) => word < weights.openingWords);
    add("outputOpening", "answer", opening);
  }
  return [...summed.values()]
    .filter(({ weight }) => weight !== 0)
    .toSorted((left, right) => Math.abs(right.weight) - Math.abs(left.weight));
}
