// Runs of words that an answer repeats from a text it must keep to itself.
// Law: linear in all texts: windows of words are compared by a rolling hash, and a hit is compared word by word.
import { isAt, weightOf, type Words } from "./words.ts";

export interface RepeatedRun {
  /** [start, end) in the folded text of the answer */
  readonly start: number;
  readonly end: number;
  /** twice the number of words, or the number of characters of a script without blanks */
  readonly weight: number;
}

/** Twelve words, or twenty-four characters of a script without blanks (see `Words.weights`). */
const RUN_WEIGHT = 24;
/** Any run of that weight has a window of as many words or characters. */
const WINDOW_WORDS = 12;

const BASE = 0x01000193;
// BASE to the power of WINDOW_WORDS - 1, modulo 2^32: what the word that leaves a window counted for.
const LEAVING = Array.from({ length: WINDOW_WORDS - 1 }).reduce((power: number) => Math.imul(power, BASE), 1);

/** The hash of every window of a text's words, by the place of its first word. */
function windowHashes({ hashes, length }: Words): readonly number[] {
  const windows: number[] = [];
  let hash = 0;
  for (let place = 0; place < length; place += 1) {
    if (place >= WINDOW_WORDS) hash = (hash - Math.imul(hashes[place - WINDOW_WORDS] ?? 0, LEAVING)) | 0;
    hash = (Math.imul(hash, BASE) + (hashes[place] ?? 0)) | 0;
    if (place >= WINDOW_WORDS - 1) windows.push(hash);
  }
  return windows;
}

/** Words of an answer that are looked up in several texts: their windows are hashed once. */
export class WindowedWords {
  readonly words: Words;
  #windows: readonly number[] | null = null;

  constructor(words: Words) {
    this.words = words;
  }

  get windows(): readonly number[] {
    this.#windows ??= windowHashes(this.words);
    return this.#windows;
  }
}

/** A bit for each of so many hashes; few windows of other texts meet one that is set. */
const FILTER_BITS_A_WINDOW = 16;

/** The windows of one text, to be looked up by those of another. */
export class WindowIndex {
  readonly #words: Words;
  readonly #places = new Map<number, number>();
  readonly #filter: Uint32Array;

  constructor(words: Words) {
    this.#words = words;
    const windows = windowHashes(words);
    this.#filter = new Uint32Array(2 ** Math.ceil(Math.log2((windows.length * FILTER_BITS_A_WINDOW) / 32 + 1)));
    for (let at = 0; at < windows.length; at += 1) {
      const hash = windows[at] ?? 0;
      if (this.#places.has(hash)) continue;
      this.#places.set(hash, at);
      const place = (hash >>> 5) & (this.#filter.length - 1);
      this.#filter[place] = (this.#filter[place] ?? 0) | (1 << (hash & 31));
    }
  }

  get isEmpty(): boolean {
    return this.#places.size === 0;
  }

  /** The first place at or after `from` whose window may be one of ours; the number of windows if there is none. */
  next(windows: readonly number[], from: number): number {
    const filter = this.#filter;
    const mask = filter.length - 1;
    let at = from;
    for (; at < windows.length; at += 1) {
      const hash = windows[at] ?? 0;
      if (((filter[(hash >>> 5) & mask] ?? 0) & (1 << (hash & 31))) !== 0) break;
    }
    return at;
  }

  has({ words, windows }: WindowedWords, at: number): boolean {
    const place = this.#places.get(windows[at] ?? 0);
    if (place === undefined) return false;
    for (let offset = 0; offset < WINDOW_WORDS; offset += 1) {
      if (this.#words.hashes[place + offset] !== words.hashes[at + offset]) return false;
    }
    return true;
  }
}

/** Collects windows that follow each other into runs that weigh enough. */
class Runs {
  readonly found: RepeatedRun[] = [];
  readonly #words: Words;
  #first = -1;
  #last = -1;

  constructor(words: Words) {
    this.#words = words;
  }

  add(at: number): void {
    if (this.#first >= 0 && at > this.#last + 1) this.close();
    if (this.#first < 0) this.#first = at;
    this.#last = at + WINDOW_WORDS - 1;
  }

  close(): void {
    if (this.#first < 0) return;
    const { starts, ends } = this.#words;
    const weight = weightOf(this.#words, this.#first, this.#last + 1);
    const [start, end] = [starts[this.#first] ?? 0, ends[this.#last] ?? 0];
    if (weight >= RUN_WEIGHT) this.found.push({ start, end, weight });
    this.#first = -1;
  }
}

/** Below this, five words or ten characters, a text says nothing of its own. */
const LEAST_WHOLE_WEIGHT = 10;

/** Where the answer repeats all of a text that is too short for a run, unless the user wrote it. */
export function wholeRepeats(answer: Words, kept: Words, saidTexts: () => readonly Words[]): RepeatedRun[] {
  const weight = weightOf(kept, 0, kept.length);
  if (weight < LEAST_WHOLE_WEIGHT || (weight >= RUN_WEIGHT && kept.length >= WINDOW_WORDS)) return [];
  const found: RepeatedRun[] = [];
  for (let at = 0; at + kept.length <= answer.length; at += 1) {
    if (!isAt(kept, answer, at)) continue;
    found.push({ start: answer.starts[at] ?? 0, end: answer.ends[at + kept.length - 1] ?? 0, weight });
    at += kept.length - 1;
  }
  const isSaid = found.length > 0 && saidTexts().some((said) => wholeRepeats(said, kept, () => []).length > 0);
  return isSaid ? [] : found;
}

/**
 * Runs of the answer that stand in `kept` and in none of `said` (what the user wrote himself, worked out only if needed).
 */
export function repeatedRuns(
  answer: WindowedWords,
  kept: WindowIndex,
  said: () => readonly WindowIndex[],
): RepeatedRun[] {
  if (kept.isEmpty) return [];
  const { words, windows } = answer;
  const runs = new Runs(words);
  let saidByUser: readonly WindowIndex[] | null = null;
  for (let at = kept.next(windows, 0); at < windows.length; at = kept.next(windows, at + 1)) {
    if (!kept.has(answer, at)) continue;
    saidByUser ??= said();
    if (!saidByUser.some((index) => index.has(answer, at))) runs.add(at);
  }
  runs.close();
  return runs.found;
}
