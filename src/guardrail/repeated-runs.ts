// Runs of words that an answer repeats from a text it must keep to itself.
// Law: linear in all texts: windows of words are compared by a rolling hash, and a hit is compared word by word.
import { type Words, wordsOf } from "./words.ts";

export interface RepeatedRun {
  /** [start, end) in the answer's folded text */
  readonly start: number;
  readonly end: number;
}

/** Twelve words, or twenty-four characters of a script without blanks (see `Words.weights`). */
const RUN_WEIGHT = 24;
/** Any run of that weight has a window of as many words or characters. */
const WINDOW_WORDS = 12;

const BASE = 0x01000193;
// BASE to the power of WINDOW_WORDS - 1, modulo 2^32: what the word that leaves a window counted for.
const LEAVING = Array.from({ length: WINDOW_WORDS - 1 }).reduce((power: number) => Math.imul(power, BASE), 1);

function* windowHashes({ hashes, length }: Words): Generator<readonly [at: number, hash: number], void, undefined> {
  let hash = 0;
  for (let place = 0; place < length; place += 1) {
    if (place >= WINDOW_WORDS) hash = (hash - Math.imul(hashes[place - WINDOW_WORDS] ?? 0, LEAVING)) | 0;
    hash = (Math.imul(hash, BASE) + (hashes[place] ?? 0)) | 0;
    if (place >= WINDOW_WORDS - 1) yield [place - WINDOW_WORDS + 1, hash];
  }
}

/** The windows of one text, to be looked up by those of another. */
export class WindowIndex {
  readonly #words: Words;
  readonly #places = new Map<number, number>();

  constructor(foldedText: string) {
    this.#words = wordsOf(foldedText);
    for (const [at, hash] of windowHashes(this.#words)) if (!this.#places.has(hash)) this.#places.set(hash, at);
  }

  get isEmpty(): boolean {
    return this.#places.size === 0;
  }

  has(words: Words, at: number, hash: number): boolean {
    const place = this.#places.get(hash);
    if (place === undefined) return false;
    for (let offset = 0; offset < WINDOW_WORDS; offset += 1) {
      if (this.#words.hashes[place + offset] !== words.hashes[at + offset]) return false;
    }
    return true;
  }
}

/** Runs of the answer that stand in `kept` and in none of `said` (what the user wrote himself). */
export function repeatedRuns(foldedAnswer: string, kept: WindowIndex, said: readonly WindowIndex[]): RepeatedRun[] {
  if (kept.isEmpty) return [];
  const words = wordsOf(foldedAnswer);
  const runs: RepeatedRun[] = [];
  let first = -1;
  let last = -1;
  const close = (): void => {
    if (first < 0) return;
    let weight = 0;
    for (let place = first; place <= last; place += 1) weight += words.weights[place] ?? 0;
    if (weight >= RUN_WEIGHT) runs.push({ start: words.starts[first] ?? 0, end: words.ends[last] ?? 0 });
    first = -1;
  };
  for (const [at, hash] of windowHashes(words)) {
    if (!kept.has(words, at, hash) || said.some((index) => index.has(words, at, hash))) {
      if (at > last) close();
      continue;
    }
    if (first >= 0 && at > last + 1) close();
    if (first < 0) first = at;
    last = at + WINDOW_WORDS - 1;
  }
  close();
  return runs;
}
