// Many phrases looked up in one pass over a text, word by word. Law: linear whatever the number of phrases; words are compared
// by their hash, so case, signs and blanks between them do not count, and scripts without blanks match anywhere.
import { foldText } from "./normalise/fold.ts";
import type { Range, TextView } from "./normalise/text-view.ts";
import { isAt, type Words, wordHashes, wordsOf, wordsOfView } from "./words.ts";

export interface PhraseHit<T> extends Range {
  readonly of: T;
}

interface Entry<T> {
  readonly of: T;
  readonly text: string;
  readonly words: Words;
  /** written together, for letters that were joined */
  readonly joined: string;
}

// A short phrase would be found in letters of another meaning.
const SHORTEST_JOINED_UNITS = 4;
/** Letters that stand apart take two units each, so no more of them can be held. */
const MOST_JOINED_UNITS = 32;

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
  /** of every beginning of a first word */
  readonly #beginnings = new Set<number>();
  readonly #mostWords: number;

  constructor(phrases: readonly { readonly of: T; readonly phrase: string }[]) {
    this.#entries = phrases.map(({ of, phrase }) => {
      const { text } = foldText(phrase);
      const words = wordsOf(text);
      return { of, text, words, joined: joinedWords(text, words) };
    });
    for (const entry of this.#entries) {
      const first = entry.words.hashes[0] ?? 0;
      const others = this.#byFirstWord.get(first);
      if (others === undefined) this.#byFirstWord.set(first, [entry]);
      else others.push(entry);
      for (const hash of wordHashes(wordAt(entry, 0))) this.#beginnings.add(hash);
    }
    this.#mostWords = Math.max(0, ...this.#entries.map(({ words }) => words.length));
  }

  get isEmpty(): boolean {
    return this.#entries.length === 0;
  }

  /** Every place of each phrase in a view. */
  find(view: TextView): Iterable<PhraseHit<T>> {
    if (this.isEmpty) return [];
    return view.kind === "joined" ? this.#findJoined(view.text) : this.#findApart(wordsOfView(view));
  }

  /**
   * The first unit of a view from which on a phrase may have begun whose rest has not come; the view's length if none has.
   * Reads the end of the view as the end of what has come: its last word may go on.
   */
  openFrom(view: TextView): number {
    if (this.isEmpty) return view.text.length;
    return view.kind === "joined" ? this.#openInLetters(view.text) : this.#openInWords(view.text, wordsOfView(view));
  }

  #findApart(words: Words): PhraseHit<T>[] {
    const hits: PhraseHit<T>[] = [];
    for (let place = 0; place < words.length; place += 1) {
      const entries = this.#byFirstWord.get(words.hashes[place] ?? 0);
      if (entries === undefined) continue;
      for (const { of, words: phrase } of entries) {
        if (!isAt(phrase, words, place)) continue;
        hits.push({ of, start: words.starts[place] ?? 0, end: words.ends[place + phrase.length - 1] ?? 0 });
      }
    }
    return hits;
  }

  *#findJoined(text: string): Generator<PhraseHit<T>, void, undefined> {
    for (const { of, joined } of this.#entries) {
      if (joined.length < SHORTEST_JOINED_UNITS) continue;
      for (let start = text.indexOf(joined); start >= 0; start = text.indexOf(joined, start + joined.length)) {
        yield { of, start, end: start + joined.length };
      }
    }
  }

  #openInWords(text: string, words: Words): number {
    const last = words.length - 1;
    const isUnfinished = isLastUnfinished(text, words);
    for (let place = Math.max(0, words.length - this.#mostWords); place <= last; place += 1) {
      const start = words.starts[place] ?? 0;
      if (isUnfinished && place === last) {
        if (this.#beginnings.has(words.hashes[last] ?? 0)) return start;
      } else if (this.#byFirstWord.get(words.hashes[place] ?? 0)?.some((entry) => mayGoOn(entry, text, words, place))) {
        return start;
      }
    }
    return text.length;
  }

  #openInLetters(text: string): number {
    const tail = Math.max(0, text.length - MOST_JOINED_UNITS);
    for (let start = tail; start < text.length; start += 1) {
      const end = text.slice(start);
      if (this.#entries.some(({ joined }) => joined.length >= SHORTEST_JOINED_UNITS && joined.startsWith(end)))
        return start;
    }
    return text.length;
  }
}

function wordAt<T>({ text, words }: Entry<T>, place: number): string {
  return text.slice(words.starts[place], words.ends[place]);
}

/** A character of a script without blanks is a word by itself. */
function isLastUnfinished(text: string, { ends, weights, length }: Words): boolean {
  return length > 0 && ends[length - 1] === text.length && weights[length - 1] !== 1;
}

/** Whether the words from `place` to the end are a beginning of the phrase, or the whole of it with its last word unfinished. */
function mayGoOn<T>(entry: Entry<T>, text: string, words: Words, place: number): boolean {
  const last = words.length - 1;
  const isUnfinished = isLastUnfinished(text, words);
  const whole = isUnfinished ? last - place : last - place + 1;
  if (whole >= entry.words.length) return false;
  for (let offset = 0; offset < whole; offset += 1) {
    if (words.hashes[place + offset] !== entry.words.hashes[offset]) return false;
  }
  return !isUnfinished || wordAt(entry, whole).startsWith(text.slice(words.starts[last]));
}
