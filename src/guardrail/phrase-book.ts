// Many phrases looked up in one pass over a text, word by word. Law: linear whatever the number of phrases; words are compared
// by their hash, so case, signs and blanks between them do not count, and scripts without blanks match anywhere.
import { foldText } from "./normalise/fold.ts";
import type { Range } from "./normalise/text-view.ts";
import { type Words, wordsOf } from "./words.ts";

export interface PhraseHit<T> extends Range {
  readonly of: T;
}

interface Entry<T> {
  readonly of: T;
  readonly words: Words;
  /** written together, for letters that were joined */
  readonly joined: string;
}

// A short phrase would be found in letters of another meaning.
const SHORTEST_JOINED_UNITS = 5;

function joinedWords(text: string, { starts, ends, length }: Words): string {
  let joined = "";
  for (let place = 0; place < length; place += 1) joined += text.slice(starts[place], ends[place]);
  return joined;
}

export function hasWords(phrase: string): boolean {
  return wordsOf(foldText(phrase).text).length > 0;
}

export class PhraseBook<T> {
  readonly #entries: readonly Entry<T>[];
  readonly #byFirstWord = new Map<number, Entry<T>[]>();

  constructor(phrases: readonly { readonly of: T; readonly phrase: string }[]) {
    this.#entries = phrases.map(({ of, phrase }) => {
      const { text } = foldText(phrase);
      const words = wordsOf(text);
      return { of, words, joined: joinedWords(text, words) };
    });
    for (const entry of this.#entries) {
      const first = entry.words.hashes[0] ?? 0;
      const others = this.#byFirstWord.get(first);
      if (others === undefined) this.#byFirstWord.set(first, [entry]);
      else others.push(entry);
    }
  }

  /** The first place of each phrase in a folded text. */
  find(text: string): PhraseHit<T>[] {
    if (this.#entries.length === 0) return [];
    const words = wordsOf(text);
    const found = new Map<T, PhraseHit<T>>();
    for (let place = 0; place < words.length; place += 1) {
      for (const { of, words: phrase } of this.#byFirstWord.get(words.hashes[place] ?? 0) ?? []) {
        if (found.has(of) || !phrase.hashes.every((hash, offset) => words.hashes[place + offset] === hash)) continue;
        const [start, end] = [words.starts[place] ?? 0, words.ends[place + phrase.length - 1] ?? 0];
        found.set(of, { of, start, end });
      }
    }
    return [...found.values()];
  }

  findJoined(text: string): PhraseHit<T>[] {
    return this.#entries.flatMap(({ of, joined }) => {
      const start = joined.length < SHORTEST_JOINED_UNITS ? -1 : text.indexOf(joined);
      return start < 0 ? [] : [{ of, start, end: start + joined.length }];
    });
  }
}
