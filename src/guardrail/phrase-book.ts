// Many phrases looked up in one pass over a text, word by word. Law: linear whatever the number of phrases; words are compared
// by their hash, so case, signs and blanks between them do not count, and scripts without blanks match anywhere.
import { foldText } from "./normalise/fold.ts";
import type { Range, TextView } from "./normalise/text-view.ts";
import { type Words, wordsOf, wordsOfView } from "./words.ts";

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
const SHORTEST_JOINED_UNITS = 4;

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

  /** The first place of each phrase in a view. */
  find(view: TextView): PhraseHit<T>[] {
    if (this.#entries.length === 0) return [];
    return view.kind === "joined" ? this.#findJoined(view.text) : this.#findApart(wordsOfView(view));
  }

  #findApart(words: Words): PhraseHit<T>[] {
    const found = new Map<Entry<T>, PhraseHit<T>>();
    for (let place = 0; place < words.length; place += 1) {
      const entries = this.#byFirstWord.get(words.hashes[place] ?? 0);
      if (entries === undefined) continue;
      for (const entry of entries) {
        const { hashes, length } = entry.words;
        if (found.has(entry) || !hashes.every((hash, offset) => words.hashes[place + offset] === hash)) continue;
        found.set(entry, { of: entry.of, start: words.starts[place] ?? 0, end: words.ends[place + length - 1] ?? 0 });
      }
    }
    return [...found.values()];
  }

  #findJoined(text: string): PhraseHit<T>[] {
    return this.#entries.flatMap(({ of, joined }) => {
      const start = joined.length < SHORTEST_JOINED_UNITS ? -1 : text.indexOf(joined);
      return start < 0 ? [] : [{ of, start, end: start + joined.length }];
    });
  }
}
