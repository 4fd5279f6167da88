// Folds code points for the edge classifier: compatibility forms, look-alikes, case, accents and zero-width characters.
// Law: folding looks at one code point at a time, so that no cut of a stream can change its result.
import { LATIN_LOOKALIKES, MIXED_SCRIPT_CONFUSABLES } from "../normalise/confusables.ts";

/** What separates words. */
export const SEPARATOR = 0x20;
/** Says that a code point leaves nothing behind. */
export const VANISHES = 1;
/** Says that a code point folds to several units: `expansion` has them. */
export const EXPANDS = 2;

/** The planes that hold scripts and symbols; beyond them lie ideographs, tags and private use. */
const CACHED = 0x20000;
/** 0 = not folded yet, VANISHES, EXPANDS, else the unit. A cache of 256 KiB, filled as characters turn up. */
const FOLDED = new Uint16Array(CACHED);
/** Of the cached planes, the code points that fold to several units: some thousand, as Unicode lists them. */
const EXPANSIONS = new Map<number, string>();

// Apostrophes vanish too: «can't» and «cant» are one word.
const VANISHING = /[\p{Cf}\p{Variation_Selector}\u0300-\u036f'’ʼ`]/gu;
const WORD = /^[\p{L}\p{N}\p{M}]$/u;
const DECIMAL = /\p{Nd}/gu;
const FIRST_SUPPLEMENTARY = 0x10000;

function lookalike(codePoint: number): string | undefined {
  return LATIN_LOOKALIKES.get(codePoint) ?? MIXED_SCRIPT_CONFUSABLES.get(codePoint);
}

/**
 * NFKD, marks of Latin, Greek and Cyrillic dropped, NFC again (Hangul stays composed), lower case, digits as 0; what is
 * neither letter nor number separates. Composition across code points is left out on purpose: it would have to see both
 * sides of a cut (UAX #15, section 9).
 */
function fold(codePoint: number): string {
  if (codePoint >= 0xd800 && codePoint <= 0xdfff) return " ";
  // Whole Cyrillic and Greek words are folded too: nothing was fitted in either, and a word can't be waited for.
  const alike = lookalike(codePoint);
  if (alike !== undefined) return alike;
  const folded = String.fromCodePoint(codePoint)
    .normalize("NFKD")
    .replace(VANISHING, "")
    .normalize("NFC")
    .toLowerCase()
    .replace(VANISHING, "")
    .replace(DECIMAL, "0");
  // Historic scripts beyond the first plane separate: nothing in the fitted data is written in them.
  return Array.from(folded, (letter) => {
    if (letter.length > 1 || !WORD.test(letter)) return " ";
    // What a form is compatible with may look like a letter too: what is folded once is folded for good.
    return lookalike(letter.charCodeAt(0)) ?? letter;
  }).join("");
}

function foldForTheFirstTime(codePoint: number): number {
  const folded = fold(codePoint);
  if (folded.length > 1) EXPANSIONS.set(codePoint, folded);
  const unit = folded === "" ? VANISHES : folded.length > 1 ? EXPANDS : folded.charCodeAt(0);
  FOLDED[codePoint] = unit;
  return unit;
}

/** What a code point folds to: a unit, SEPARATOR, VANISHES or EXPANDS. */
export function foldedUnit(codePoint: number): number {
  if (codePoint < CACHED) {
    const known = FOLDED[codePoint] ?? 0;
    return known === 0 ? foldForTheFirstTime(codePoint) : known;
  }
  if (isIdeographic(codePoint)) return codePoint;
  // Tags and variation selectors, with which text is hidden.
  return codePoint >= 0xe0000 && codePoint < 0xe1000 ? VANISHES : SEPARATOR;
}

export function expansion(codePoint: number): string {
  return EXPANSIONS.get(codePoint) ?? " ";
}

/** Kana and ideographs, which are words of their own. */
export function isIdeographic(unit: number): boolean {
  return (unit >= 0x3040 && unit <= 0x9fff) || (unit >= CACHED && unit < 0x40000);
}

export function isSurrogate(unit: number): boolean {
  return unit >= 0xd800 && unit <= 0xdfff;
}

/** The code point of a surrogate pair. */
export function joinSurrogates(high: number, low: number): number {
  return FIRST_SUPPLEMENTARY + ((high - 0xd800) << 10) + (low - 0xdc00);
}
