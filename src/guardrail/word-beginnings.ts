// Finds words by how they begin, for many lists of words in one pass over a folded text.
// Law: linear; a table of the first three letters decides, so most words cost three steps and no expression.
import { withGaps } from "./rules/phrase-rule.ts";

export interface WordList<T> {
  readonly of: T;
  /** beginnings of words, «|» between them */
  readonly words: string;
  /** must stand before the word */
  readonly after?: string;
}

interface Entry<T> {
  readonly of: T;
  readonly word: RegExp;
}

const LETTERS = 26;
const FIRST_LETTER = 97;

function indexOf(first: number, second: number, third: number): number {
  return ((first - FIRST_LETTER) * LETTERS + second - FIRST_LETTER) * LETTERS + third - FIRST_LETTER;
}

function isLetter(code: number): boolean {
  return code >= FIRST_LETTER && code < FIRST_LETTER + LETTERS;
}

export class WordBeginnings<T> {
  /** by first three letters, 1 + the place in `#entries`; 0 where no word begins so */
  readonly #table = new Uint16Array(LETTERS ** 3);
  readonly #entries: Entry<T>[][] = [];

  constructor(lists: readonly WordList<T>[]) {
    for (const { of, words, after } of lists) {
      const before = after === undefined ? "" : `(?<=${after})`;
      const all = words.split("|");
      for (const beginning of new Set(all.map((word) => word.slice(0, 3)))) {
        const some = all.filter((word) => word.startsWith(beginning));
        this.#add(beginning, { of, word: withGaps(`${before}(?:${some.join("|")})`, "y") });
      }
    }
  }

  #add(beginning: string, entry: Entry<T>): void {
    if (!/^[a-z]{3}$/.test(beginning))
      throw new RangeError(`A word must begin with three letters, not «${beginning}».`);
    const index = indexOf(beginning.charCodeAt(0), beginning.charCodeAt(1), beginning.charCodeAt(2));
    const known = this.#table[index] ?? 0;
    if (known > 0) this.#entries[known - 1]?.push(entry);
    else this.#table[index] = this.#entries.push([entry]);
  }

  each(text: string, found: (of: T, place: number) => void): void {
    let lettersBefore = 0;
    let first = 0;
    let second = 0;
    for (let place = 0; place < text.length; place += 1) {
      const code = text.charCodeAt(place);
      if (!isLetter(code)) {
        lettersBefore = 0;
        continue;
      }
      lettersBefore += 1;
      if (lettersBefore === 1) first = code;
      else if (lettersBefore === 2) second = code;
      else if (lettersBefore === 3) {
        const known = this.#table[indexOf(first, second, code)] ?? 0;
        if (known > 0) this.#try(this.#entries[known - 1] ?? [], text, place - 2, found);
      }
    }
  }

  #try(entries: readonly Entry<T>[], text: string, place: number, found: (of: T, place: number) => void): void {
    for (const { of, word } of entries) {
      word.lastIndex = place;
      if (word.test(text)) found(of, place);
    }
  }
}
