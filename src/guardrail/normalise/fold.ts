// The folded view of a text: NFKC without marks, one case, nothing invisible, look-alike letters made Latin, long blanks short.
// Law: linear; plain ASCII costs one scan and one lower-casing, other text pays only for the words that are not plain.
import { MIXED_SCRIPT_CONFUSABLES } from "./confusables.ts";
import { foldCodePoint } from "./fold-code-point.ts";
import { alignedView, type TextView } from "./text-view.ts";
import { ViewBuilder } from "./view-builder.ts";

/** Whatever is no printable ASCII, ordinary blank or Han character. */
const SPECIAL_CHARACTER = /[^\t\n\r\x20-\x7e\u3001\u3002\u4e00-\u9fff]/;
/** Longer than the gap of a pattern. Asked by itself: one class and one repetition are read faster than a choice of both. */
const LONG_BLANK = /\s{9}/;
const SPECIAL = new RegExp(`${SPECIAL_CHARACTER.source}|${LONG_BLANK.source}`, "g");
const WORD_CHARACTER = /[\p{L}\p{N}\p{M}_]/u;
const BLANK = 0x20;
const NEWLINE = 0x0a;

interface Folded {
  readonly text: string;
  readonly inWord: boolean;
}

function isBlank(code: number): boolean {
  return code === BLANK || (code >= 0x09 && code <= 0x0d);
}

function isHan(code: number): boolean {
  return code >= 0x4e00 && code <= 0x9fff;
}

function isLatinLetter(code: number): boolean {
  return (code >= 0x61 && code <= 0x7a) || (code >= 0x41 && code <= 0x5a);
}

function isAsciiWordCharacter(code: number): boolean {
  return isLatinLetter(code) || (code >= 0x30 && code <= 0x39) || code === 0x5f;
}

class Folder {
  readonly #text: string;
  readonly #lowerCase: boolean;
  readonly #builder = new ViewBuilder();
  readonly #known = new Map<number, Folded>();
  /** the word being read: whether it has a Latin letter, and its look-alikes by unit */
  #hasLatin = false;
  #lookalikes: { unit: number; latin: number }[] = [];

  constructor(text: string, lowerCase: boolean) {
    this.#text = text;
    this.#lowerCase = lowerCase;
  }

  fold(): TextView {
    const special = new RegExp(SPECIAL);
    let done = 0;
    for (let hit = special.exec(this.#text); hit !== null; hit = special.exec(this.#text)) {
      // The word around it decides about look-alikes, so it is read from its first letter.
      let start = hit.index;
      while (start > done && isAsciiWordCharacter(this.#text.charCodeAt(start - 1))) start -= 1;
      this.#copy(done, start);
      done = this.#foldFrom(start, hit.index);
      special.lastIndex = done;
    }
    this.#copy(done, this.#text.length);
    return this.#builder.view("folded");
  }

  #copy(start: number, end: number): void {
    const stretch = this.#text.slice(start, end);
    this.#builder.copy(this.#lowerCase ? stretch.toLowerCase() : stretch, start);
  }

  /** Folds from `start` until plain text that is no word follows, at least beyond `hit`; returns where it stopped. */
  #foldFrom(start: number, hit: number): number {
    let place = start;
    while (place < this.#text.length) {
      const code = this.#text.codePointAt(place) ?? 0;
      const end = place + (code > 0xffff ? 2 : 1);
      const isPlain = code >= 0x21 && code <= 0x7e;
      if (place > hit && (isHan(code) || (isPlain && !isAsciiWordCharacter(code)))) break;
      if (isBlank(code)) {
        if (place > hit && !this.#isAmongBlanks(place, end)) break;
        this.#blank(code !== BLANK && code !== 0x09, place, end);
      } else if (isPlain) this.#plain(code, place, end);
      else this.#other(code, place, end);
      place = end;
    }
    this.#endWord();
    return place;
  }

  /** A run of blanks is folded whole, and so is a blank between words that both need folding. */
  #isAmongBlanks(place: number, next: number): boolean {
    const code = this.#text.charCodeAt(next);
    return isBlank(this.#text.charCodeAt(place - 1)) || isBlank(code) || (code > 0x7e && !isHan(code));
  }

  #blank(isNewline: boolean, start: number, end: number): void {
    this.#endWord();
    if (this.#builder.extendLast(NEWLINE, end)) return;
    if (!isNewline && this.#builder.extendLast(BLANK, end)) return;
    if (isNewline && this.#builder.extendLast(BLANK, end)) {
      this.#builder.replaceUnit(this.#builder.nextUnit - 1, NEWLINE);
      return;
    }
    this.#builder.unit(isNewline ? NEWLINE : BLANK, start, end);
  }

  #plain(code: number, start: number, end: number): void {
    if (isLatinLetter(code)) this.#hasLatin = true;
    else if (!isAsciiWordCharacter(code)) this.#endWord();
    this.#builder.unit(this.#lowerCase && code >= 0x41 && code <= 0x5a ? code + 32 : code, start, end);
  }

  #other(codePoint: number, start: number, end: number): void {
    const { text, inWord } = this.#folded(codePoint);
    if (text === "") return;
    if (text === " " || text === "\n") {
      this.#blank(text === "\n", start, end);
      return;
    }
    if (!inWord) this.#endWord();
    const lookalike = MIXED_SCRIPT_CONFUSABLES.get(codePoint);
    if (lookalike !== undefined) {
      // The table knows small letters alone; where case is kept, a capital looks like a capital.
      const latin = this.#lowerCase || text === text.toLowerCase() ? lookalike : lookalike.toUpperCase();
      this.#lookalikes.push({ unit: this.#builder.nextUnit, latin: latin.charCodeAt(0) });
    } else if (isLatinLetter(text.charCodeAt(0))) this.#hasLatin = true;
    for (let unit = 0; unit < text.length; unit += 1) this.#builder.unit(text.charCodeAt(unit), start, end);
  }

  #folded(codePoint: number): Folded {
    const known = this.#known.get(codePoint);
    if (known !== undefined) return known;
    const text = foldCodePoint(codePoint, this.#lowerCase);
    const folded = { text, inWord: WORD_CHARACTER.test(text) };
    this.#known.set(codePoint, folded);
    return folded;
  }

  #endWord(): void {
    if (this.#hasLatin) for (const { unit, latin } of this.#lookalikes) this.#builder.replaceUnit(unit, latin);
    this.#hasLatin = false;
    if (this.#lookalikes.length > 0) this.#lookalikes = [];
  }
}

/** Signs of ordinary texts that become one sign each, which is part of no word and no blank. */
const SIGNS = "，！？：；（）【】《》“”‘’—–「」『』•·";
const SIGN = new RegExp(`[${SIGNS}]`, "g");
const FOLDED_SIGNS = new Map(Array.from(SIGNS, (sign) => [sign, foldCodePoint(sign.charCodeAt(0), true)]));
/** What the folder reads on through behind a sign; bounded, since an expression keeps a place of its stack for each. */
const BEHIND_SIGN = "(?:[A-Za-z0-9_\\u3001\\u3002]|[ \\n](?=[\\u3001\\u3002]))";
const BLANKS_BEHIND_SIGN = new RegExp(`[${SIGNS}](?:${BEHIND_SIGN}{0,99}(?:\\s\\s|[\\t\\r])|${BEHIND_SIGN}{100})`);
const SPECIAL_BESIDES_SIGNS = new RegExp(`[^\\t\\n\\r\\x20-\\x7e\\u3001\\u3002\\u4e00-\\u9fff${SIGNS}]`);

/** The text folded with its case, if every unit stands for the one at the same place; else null. */
function foldedInPlace(text: string): string | null {
  const hasLongBlank = LONG_BLANK.test(text);
  if (!hasLongBlank && !SPECIAL_CHARACTER.test(text)) return text;
  // Blanks behind a sign are those that the folder would write shorter.
  if (hasLongBlank || SPECIAL_BESIDES_SIGNS.test(text) || BLANKS_BEHIND_SIGN.test(text)) return null;
  // Most Chinese texts come here.
  return text.replace(SIGN, (sign) => FOLDED_SIGNS.get(sign) ?? sign);
}

/** One text that is folded twice perhaps: the looks that both ways begin with are taken once. */
export class FoldedText {
  readonly #text: string;
  readonly #inPlace: string | null;

  constructor(text: string) {
    this.#text = text;
    this.#inPlace = foldedInPlace(text);
  }

  /** `lowerCase: false` keeps the case, for what is only itself in its own case (keys, tokens). */
  view(lowerCase: boolean): TextView {
    if (this.#inPlace === null) return new Folder(this.#text, lowerCase).fold();
    return alignedView(lowerCase ? this.#inPlace.toLowerCase() : this.#inPlace);
  }
}

/** See `FoldedText.view`. */
export function foldText(text: string, { lowerCase = true }: { lowerCase?: boolean } = {}): TextView {
  return new FoldedText(text).view(lowerCase);
}
