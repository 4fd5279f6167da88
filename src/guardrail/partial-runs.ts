// A run of words that goes on at the end of a piece of which more may come, repeated from a text that is to be kept.
// Law: a few words begin a run («the answer is» stands everywhere); linear in the text that is kept, a few steps in the piece.
import { weightOf, type Words } from "./words.ts";

export interface OpenRun {
  /** the first unit of the run */
  readonly start: number;
  /** where its last whole word ends */
  readonly end: number;
  /** where a word begins that is not whole yet; the text's length if none has begun */
  readonly unfinishedFrom: number;
}

/** Four words, or eight characters of a script without blanks (see `Words.weights`). */
const LEAST_WEIGHT = 8;
const WINDOW_WORDS = 4;
/** A run of so few words that stands in a text more often than this says little of where it goes on. */
const MOST_PLACES = 8;
const BASE = 0x01000193;

function windowHash(hashes: readonly number[], at: number): number {
  let hash = 0;
  for (let offset = 0; offset < WINDOW_WORDS; offset += 1)
    hash = (Math.imul(hash, BASE) + (hashes[at + offset] ?? 0)) | 0;
  return hash;
}

export class RunBeginnings {
  readonly #text: string;
  readonly #words: Words;
  readonly #places = new Map<number, number[]>();

  constructor(foldedText: string, words: Words) {
    this.#text = foldedText;
    this.#words = words;
    for (let at = 0; at + WINDOW_WORDS <= this.#words.length; at += 1) {
      const hash = windowHash(this.#words.hashes, at);
      const places = this.#places.get(hash);
      if (places === undefined) this.#places.set(hash, [at]);
      else if (places.length < MOST_PLACES) places.push(at);
    }
  }

  /** The longest run that reaches the end of `text` and may go on. */
  openRun(text: string, words: Words): OpenRun | null {
    const last = words.length - 1;
    const isUnfinished = last >= 0 && words.ends[last] === text.length && words.weights[last] !== 1;
    const whole = isUnfinished ? last : words.length;
    if (whole < WINDOW_WORDS) return null;
    const unfinished = isUnfinished ? text.slice(words.starts[last]) : "";
    const places = this.#places.get(windowHash(words.hashes, whole - WINDOW_WORDS)) ?? [];
    const firsts = places
      .filter((place) => this.#goesOn(place + WINDOW_WORDS, unfinished))
      .map((place) => this.#firstOf(words, whole - 1, place + WINDOW_WORDS - 1))
      .filter((first) => weightOf(words, first, whole) >= LEAST_WEIGHT);
    if (firsts.length === 0) return null;
    return {
      start: words.starts[Math.min(...firsts)] ?? 0,
      end: words.ends[whole - 1] ?? 0,
      unfinishedFrom: text.length - unfinished.length,
    };
  }

  #goesOn(next: number, unfinished: string): boolean {
    const { starts, ends, length } = this.#words;
    return next < length && this.#text.slice(starts[next], ends[next]).startsWith(unfinished);
  }

  /** The first word of the run that ends at `last` of the words and at `keptLast` of ours. */
  #firstOf(words: Words, last: number, keptLast: number): number {
    let first = last + 1;
    for (let kept = keptLast; first > 0 && kept >= 0; kept -= 1) {
      if (words.hashes[first - 1] !== this.#words.hashes[kept]) break;
      first -= 1;
    }
    return first;
  }
}
