// How alike two texts are: the weighted Jaccard similarity of their sets of words (Ioffe, «Improved consistent sampling, weighted
// minhash and L1 sketching», ICDM 2010: Σ min ÷ Σ max of the weights). Law: pure, symmetric, 1 for the same words, 0 for no common one.

const WORD = /\p{Script=Han}|[\p{L}\p{N}]+/gu;
/** Enough to tell by, and bounded for whoever compares hundreds. */
const MOST_CHARACTERS = 8_000;

/** Han characters are words of their own. */
export function wordsOf(text: string): ReadonlySet<string> {
  return new Set(text.slice(0, MOST_CHARACTERS).normalize("NFKC").toLowerCase().match(WORD));
}

/** Rare words weigh more: ln(1 + documents ÷ those that have it). */
export function wordWeights(documents: readonly ReadonlySet<string>[]): (word: string) => number {
  const counts = new Map<string, number>();
  for (const words of documents) for (const word of words) counts.set(word, (counts.get(word) ?? 0) + 1);
  return (word) => Math.log(1 + documents.length / Math.max(1, counts.get(word) ?? 0));
}

export function similarity(
  left: ReadonlySet<string>,
  right: ReadonlySet<string>,
  weightOf: (word: string) => number,
): number {
  let [common, all] = [0, 0];
  for (const word of new Set([...left, ...right])) {
    const weight = weightOf(word);
    all += weight;
    if (left.has(word) && right.has(word)) common += weight;
  }
  return all === 0 ? 0 : common / all;
}
