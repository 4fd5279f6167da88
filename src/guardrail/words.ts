// The words of a folded text as numbers, so that runs of them compare in linear time.
// Law: scripts written without blanks count character by character; punctuation counts for nothing.
import type { TextView } from "./normalise/text-view.ts";

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

function classOf(codePoint: number): number {
  if (codePoint < 0x80) {
    const isLetter = (codePoint >= 0x61 && codePoint <= 0x7a) || (codePoint >= 0x41 && codePoint <= 0x5a);
    return isLetter || (codePoint >= 0x30 && codePoint <= 0x39) ? LETTER : OTHER;
  }
  if (codePoint >= 0x4e00 && codePoint <= 0x9fff) return CHARACTER;
  const character = String.fromCodePoint(codePoint);
  if (!WORD_CHARACTER.test(character)) return OTHER;
  return CHARACTERWISE.test(character) ? CHARACTER : LETTER;
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
  const classes = new Map<number, number>();
  let length = 0;
  let isOpen = false;
  for (let place = 0; place < text.length;) {
    const codePoint = text.codePointAt(place) ?? 0;
    const end = place + (codePoint > 0xffff ? 2 : 1);
    let kind = codePoint < 0x80 ? classOf(codePoint) : classes.get(codePoint);
    if (kind === undefined) {
      kind = classOf(codePoint);
      classes.set(codePoint, kind);
    }
    if (kind === OTHER) isOpen = false;
    else {
      if (!isOpen || kind === CHARACTER) {
        hashes[length] = FNV_OFFSET;
        starts[length] = place;
        weights[length] = kind === CHARACTER ? 1 : 2;
        length += 1;
      }
      hashes[length - 1] = Math.imul((hashes[length - 1] ?? 0) ^ codePoint, FNV_PRIME);
      ends[length - 1] = end;
      isOpen = kind === LETTER;
    }
    place = end;
  }
  return {
    length,
    hashes: hashes.subarray(0, length),
    starts: starts.subarray(0, length),
    ends: ends.subarray(0, length),
    weights: weights.subarray(0, length),
  };
}

export function withoutLast({ length, hashes, starts, ends, weights }: Words): Words {
  const rest = Math.max(0, length - 1);
  return {
    length: rest,
    hashes: hashes.subarray(0, rest),
    starts: starts.subarray(0, rest),
    ends: ends.subarray(0, rest),
    weights: weights.subarray(0, rest),
  };
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
  const words = known.get(view) ?? wordsOf(view.text);
  known.set(view, words);
  return words;
}
