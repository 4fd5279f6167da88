// The words of a folded text as numbers, so that runs of them compare in linear time.
// Law: scripts written without blanks count character by character; punctuation counts for nothing.
import { KnownByText } from "./known-by-text.ts";
import type { TextView } from "./normalise/text-view.ts";

/**
 * Plain arrays, since typed ones are asked for and given back outside of V8's heap, which takes longer than to fill them. They
 * may be longer than `length`: what lies beyond means nothing.
 */
export interface Words {
  readonly length: number;
  readonly hashes: readonly number[];
  readonly starts: readonly number[];
  readonly ends: readonly number[];
  /** 1 for a character of a script without blanks, 2 for a word: twelve words weigh as much as twenty-four such characters */
  readonly weights: readonly number[];
}

// Han, kana, Hangul (agglutinating, so words differ by ending), Thai, Lao, Myanmar, Khmer.
const CHARACTERWISE =
  /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Hangul}\p{Script=Thai}\p{Script=Lao}\p{Script=Myanmar}\p{Script=Khmer}]/u;
const WORD_CHARACTER = /[\p{L}\p{N}]/u;

const FNV_OFFSET = 0x811c9dc5;
const FNV_PRIME = 0x01000193;

const OTHER = 0;
const LETTER = 1;
const CHARACTER = 2;

const ASCII_CLASSES = Uint8Array.from({ length: 0x80 }, (_, code) =>
  /[A-Za-z0-9]/.test(String.fromCharCode(code)) ? LETTER : OTHER,
);

function classOf(codePoint: number): number {
  if (codePoint < 0x80) return ASCII_CLASSES[codePoint] ?? OTHER;
  if (codePoint >= 0x4e00 && codePoint <= 0x9fff) return CHARACTER;
  const character = String.fromCodePoint(codePoint);
  if (!WORD_CHARACTER.test(character)) return OTHER;
  return CHARACTERWISE.test(character) ? CHARACTER : LETTER;
}

/** Expressions are asked once a character of a text. */
class KnownClasses {
  readonly #known = new Map<number, number>();

  of(codePoint: number): number {
    const known = this.#known.get(codePoint) ?? classOf(codePoint);
    this.#known.set(codePoint, known);
    return known;
  }
}

/** Whether a character is a word by itself. */
export function isCharacterwise(codePoint: number): boolean {
  return classOf(codePoint) === CHARACTER;
}

/** FNV-1a over code points (http://www.isthe.com/chongo/tech/comp/fnv/): fast, and a collision is checked by who asks. */
export function wordsOf(text: string): Words {
  const units = text.length;
  const hashes: number[] = [];
  const starts: number[] = [];
  const ends: number[] = [];
  const weights: number[] = [];
  let others: KnownClasses | null = null;
  let hash = 0;
  let isOpen = false;
  for (let place = 0; place < units; place += 1) {
    const start = place;
    let codePoint = text.charCodeAt(place);
    let kind = OTHER;
    if (codePoint < 0x80) kind = ASCII_CLASSES[codePoint] ?? OTHER;
    else if (codePoint >= 0x4e00 && codePoint <= 0x9fff) kind = CHARACTER;
    else {
      codePoint = text.codePointAt(place) ?? 0;
      if (codePoint > 0xffff) place += 1;
      others ??= new KnownClasses();
      kind = others.of(codePoint);
    }
    if (kind === LETTER) {
      if (!isOpen) {
        hash = FNV_OFFSET;
        starts.push(start);
        weights.push(2);
        isOpen = true;
      }
      hash = Math.imul(hash ^ codePoint, FNV_PRIME);
      continue;
    }
    if (isOpen) {
      hashes.push(hash);
      ends.push(start);
      isOpen = false;
    }
    if (kind === CHARACTER) {
      starts.push(start);
      weights.push(1);
      hashes.push(Math.imul(FNV_OFFSET ^ codePoint, FNV_PRIME));
      ends.push(place + 1);
    }
  }
  if (isOpen) {
    hashes.push(hash);
    ends.push(units);
  }
  return { length: hashes.length, hashes, starts, ends, weights };
}

export function withoutLast(words: Words): Words {
  return { ...words, length: Math.max(0, words.length - 1) };
}

/** Of the words [first, end). */
export function weightOf({ weights }: Words, first: number, end: number): number {
  let weight = 0;
  for (let place = first; place < end; place += 1) weight += weights[place] ?? 0;
  return weight;
}

/** Whether all of `phrase` stands at `at`. */
export function isAt(phrase: Words, words: Words, at: number): boolean {
  if (at + phrase.length > words.length) return false;
  for (let offset = 0; offset < phrase.length; offset += 1) {
    if (phrase.hashes[offset] !== words.hashes[at + offset]) return false;
  }
  return true;
}

/** The hash of every beginning of one word, the whole of it last. */
export function wordHashes(word: string): number[] {
  let hash = FNV_OFFSET;
  return Array.from(word, (character) => {
    hash = Math.imul(hash ^ (character.codePointAt(0) ?? 0), FNV_PRIME);
    return hash;
  });
}

/** Several guardrails count the words of the same view. */
const known = new KnownByText(({ text }: TextView) => wordsOf(text));

export function wordsOfView(view: TextView): Words {
  return known.of(view);
}
