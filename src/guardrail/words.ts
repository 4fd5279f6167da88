// The words of a folded text as numbers, so that runs of them compare in linear time.
// Law: scripts written without blanks count character by character; punctuation counts for nothing.
import type { TextView } from "./normalise/text-view.ts";

/** The arrays may be longer than `length`: what lies beyond means nothing. */
export interface Words {
  readonly length: number;
  readonly hashes: Uint32Array;
  readonly starts: Uint32Array;
  readonly ends: Uint32Array;
  /** 1 for a character of a script without blanks, 2 for a word: twelve words weigh as much as twenty-four such characters */
  readonly weights: Uint8Array;
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
  const capacity = text.length;
  // One piece of memory: to ask for four takes longer than to fill them where a text is short.
  const memory = new ArrayBuffer(capacity * 13);
  const hashes = new Uint32Array(memory, 0, capacity);
  const starts = new Uint32Array(memory, capacity * 4, capacity);
  const ends = new Uint32Array(memory, capacity * 8, capacity);
  const weights = new Uint8Array(memory, capacity * 12, capacity);
  let others: KnownClasses | null = null;
  let length = 0;
  let hash = 0;
  let isOpen = false;
  for (let place = 0; place < capacity; place += 1) {
    let codePoint = text.charCodeAt(place);
    let kind = OTHER;
    if (codePoint < 0x80) kind = ASCII_CLASSES[codePoint] ?? OTHER;
    else if (codePoint >= 0x4e00 && codePoint <= 0x9fff) kind = CHARACTER;
    else {
      codePoint = text.codePointAt(place) ?? 0;
      others ??= new KnownClasses();
      kind = others.of(codePoint);
    }
    const isNew = kind === CHARACTER || (kind === LETTER && !isOpen);
    if (isOpen && kind !== LETTER) {
      hashes[length - 1] = hash;
      ends[length - 1] = place;
    }
    isOpen = kind === LETTER;
    if (isNew) {
      hash = FNV_OFFSET;
      starts[length] = place;
      weights[length] = kind === CHARACTER ? 1 : 2;
      length += 1;
    }
    if (kind !== OTHER) hash = Math.imul(hash ^ codePoint, FNV_PRIME);
    if (codePoint > 0xffff) place += 1;
    if (kind === CHARACTER) {
      hashes[length - 1] = hash;
      ends[length - 1] = place + 1;
    }
  }
  if (isOpen) {
    hashes[length - 1] = hash;
    ends[length - 1] = capacity;
  }
  return { length, hashes, starts, ends, weights };
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
  // As an unsigned number, since that is what `Words.hashes` holds.
  return Array.from(word, (character) => {
    hash = Math.imul(hash ^ (character.codePointAt(0) ?? 0), FNV_PRIME);
    return hash >>> 0;
  });
}

/** Several guardrails count the words of the same view; the entries live no longer than the views. */
const known = new WeakMap<TextView, Words>();

export function wordsOfView(view: TextView): Words {
  const counted = known.get(view);
  if (counted !== undefined) return counted;
  const words = wordsOf(view.text);
  known.set(view, words);
  return words;
}
