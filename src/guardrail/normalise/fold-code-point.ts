// What one character becomes when a text is folded: NFKD without marks, recomposed, case-folded; nothing for what is invisible.
// Law: depends on the character alone, so every folded unit has one place it came from.
import { LATIN_LOOKALIKES, PUNCTUATION_LOOKALIKES } from "./confusables.ts";

// Unicode's own list of characters without a glyph (zero-width, bidi, soft hyphen, variation selectors), and control codes.
const INVISIBLE = /[\p{Default_Ignorable_Code_Point}\p{Cf}\p{Cc}]/u;
const WHITESPACE = /\s|\u0085/;
const NONSPACING_MARKS = /\p{Mn}/gu;

/** Blocks of styled letters that have no decomposition: [first, letters]; squared, negative circled, negative squared, regional. */
const STYLED_ALPHABETS = [0x1f130, 0x1f150, 0x1f170, 0x1f1e6] as const;

/** Tag characters repeat ASCII invisibly («ASCII smuggling»); a model reads them, so do we. */
const TAG_FIRST = 0xe0020;
const TAG_LAST = 0xe007e;
const TAG_OFFSET = 0xe0000;

function styledLetter(codePoint: number): string | null {
  for (const first of STYLED_ALPHABETS) {
    if (codePoint >= first && codePoint < first + 26) return String.fromCharCode(97 + codePoint - first);
  }
  return null;
}

function foldCase(text: string): string {
  // Up and down again is full case folding for all that matters here: ß → ss, ς → σ, ſ → s.
  return text.toUpperCase().toLowerCase();
}

/** Never throws; a lone surrogate becomes U+FFFD. */
export function foldCodePoint(codePoint: number, lowerCase: boolean): string {
  if (codePoint >= 0xd800 && codePoint <= 0xdfff) return "\ufffd";
  if (codePoint >= TAG_FIRST && codePoint <= TAG_LAST) {
    const character = String.fromCharCode(codePoint - TAG_OFFSET);
    return lowerCase ? character.toLowerCase() : character;
  }
  const character = String.fromCodePoint(codePoint);
  if (WHITESPACE.test(character)) return codePoint === 0x2028 || codePoint === 0x2029 ? "\n" : " ";
  if (INVISIBLE.test(character)) return "";
  const lookalike = LATIN_LOOKALIKES.get(codePoint) ?? PUNCTUATION_LOOKALIKES.get(codePoint) ?? styledLetter(codePoint);
  if (lookalike !== null) return lookalike;
  const folded = character.normalize("NFKD").replace(NONSPACING_MARKS, "").normalize("NFC");
  return lowerCase ? foldCase(folded) : folded;
}
