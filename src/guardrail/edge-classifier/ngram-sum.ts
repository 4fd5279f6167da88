// The running sum of one block of weights over the distinct n-grams of a text.
// Law: integers only, so that the sum is the same in whatever order and however often the n-grams come.

/** What a block adds to the score: Σ weights of distinct n-grams ÷ √(their number), the L2 norm of a binary vector. */
export function normalised(sum: number, distinct: number): number {
  return distinct === 0 ? 0 : sum / Math.sqrt(distinct);
}

export class NgramSum {
  readonly #weights: Int8Array;
  readonly #mask: number;
  readonly #seen: Uint32Array;
  #sum = 0;
  #distinct = 0;

  /** `weights`: one block, a power of two of buckets. */
  constructor(weights: Int8Array) {
    this.#weights = weights;
    this.#mask = weights.length - 1;
    this.#seen = new Uint32Array(Math.ceil(weights.length / 32));
  }

  add(hash: number): void {
    const bucket = hash & this.#mask;
    const place = bucket >>> 5;
    const bit = 1 << (bucket & 31);
    const word = this.#seen[place] ?? 0;
    if ((word & bit) !== 0) return;
    this.#seen[place] = word | bit;
    this.#sum += this.#weights[bucket] ?? 0;
    this.#distinct += 1;
  }

  /** The first `count` of `hashes`. */
  addAll(hashes: Int32Array, count: number): void {
    const weights = this.#weights;
    const mask = this.#mask;
    const seen = this.#seen;
    let sum = this.#sum;
    let distinct = this.#distinct;
    for (let index = 0; index < count; index += 1) {
      const bucket = (hashes[index] ?? 0) & mask;
      const place = bucket >>> 5;
      const bit = 1 << (bucket & 31);
      const word = seen[place] ?? 0;
      if ((word & bit) !== 0) continue;
      seen[place] = word | bit;
      sum += weights[bucket] ?? 0;
      distinct += 1;
    }
    this.#sum = sum;
    this.#distinct = distinct;
  }

  /** Forgets all: to fill memory takes less time than to ask for it. */
  clear(): void {
    this.#seen.fill(0);
    this.#sum = 0;
    this.#distinct = 0;
  }

  value(): number {
    return normalised(this.#sum, this.#distinct);
  }

  /** The value as it would be after `hashes` too; nothing is kept. */
  valueWith(hashes: readonly number[]): number {
    let sum = this.#sum;
    const added = new Set<number>();
    for (const hash of hashes) {
      const bucket = hash & this.#mask;
      if (((this.#seen[bucket >>> 5] ?? 0) & (1 << (bucket & 31))) !== 0 || added.has(bucket)) continue;
      added.add(bucket);
      sum += this.#weights[bucket] ?? 0;
    }
    return normalised(sum, this.#distinct + added.size);
  }
}
