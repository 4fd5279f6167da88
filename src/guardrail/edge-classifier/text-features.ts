// Turns a text into hashed word and character n-grams as it arrives.
// Law: linear time, and every cut of the same text yields the same features.
import {
  EXPANDS,
  expansion,
  foldedUnit,
  isIdeographic,
  isSurrogate,
  joinSurrogates,
  SEPARATOR,
  VANISHES,
} from "./fold.ts";

/** Takes 32-bit hashes of features; `word` is the number of the word in its text, from 0. */
export interface FeatureSink {
  add(hash: number, word: number): void;
}

// FNV's prime for the rolling polynomial, a constant of murmur3's fmix32 and the golden ratio to mix.
const POLYNOMIAL = 0x01000193;
const MIX = 0x85ebca6b;
const GOLDEN = 0x9e3779b1;

// Salts: the same letters as a word and as characters are two features.
const WORD_UNIGRAM = Math.imul(1, GOLDEN);
const WORD_BIGRAM = Math.imul(2, GOLDEN);
const WORD_TRIGRAM = Math.imul(3, GOLDEN);
const CHARACTER_TRIGRAM = Math.imul(4, GOLDEN);
const CHARACTER_FOURGRAM = Math.imul(5, GOLDEN);
const CHARACTER_FIVEGRAM = Math.imul(6, GOLDEN);

function mix(value: number, salt: number): number {
  const spread = Math.imul(value ^ (value >>> 15) ^ salt, MIX);
  return spread ^ (spread >>> 13);
}

/**
 * Words of letters and digits give word 1–3-grams and character 3–5-grams that stay within « word »;
 * kana and ideographs are words of their own.
 */
export class TextFeatures {
  readonly #sink: FeatureSink;
  #highSurrogate = 0;
  #unitsInWord = 0;
  // Polynomial hashes of the last 1–4 folded units, and of the word so far; a word begins with a virtual space.
  #last1 = SEPARATOR;
  #last2 = 0;
  #last3 = 0;
  #last4 = 0;
  #word = 0;
  #previousWord = 0;
  #wordBeforePrevious = 0;
  #position = 0;

  constructor(sink: FeatureSink) {
    this.#sink = sink;
  }

  push(text: string): void {
    for (let index = 0; index < text.length; index += 1) {
      const unit = text.charCodeAt(index);
      if (this.#highSurrogate !== 0 || isSurrogate(unit)) {
        this.#pair(unit);
        continue;
      }
      this.#takeCodePoint(unit);
    }
  }

  /** Ends the word in work, as a separator would. */
  end(): void {
    this.#highSurrogate = 0;
    this.#take(SEPARATOR);
  }

  /** What `end` would still emit, without ending anything. */
  pending(): { readonly hash: number; readonly word: number }[] {
    const emitted: { hash: number; word: number }[] = [];
    const copy = new TextFeatures({ add: (hash, word) => emitted.push({ hash, word }) });
    copy.#unitsInWord = this.#unitsInWord;
    copy.#last1 = this.#last1;
    copy.#last2 = this.#last2;
    copy.#last3 = this.#last3;
    copy.#last4 = this.#last4;
    copy.#word = this.#word;
    copy.#previousWord = this.#previousWord;
    copy.#wordBeforePrevious = this.#wordBeforePrevious;
    copy.#position = this.#position;
    copy.end();
    return emitted;
  }

  /** A surrogate, or the unit after a high one; halves without their other half separate words. */
  #pair(unit: number): void {
    const high = this.#highSurrogate;
    this.#highSurrogate = 0;
    if (high !== 0 && unit >= 0xdc00 && unit <= 0xdfff) {
      this.#takeCodePoint(joinSurrogates(high, unit));
      return;
    }
    if (high !== 0 || unit >= 0xdc00) this.#take(SEPARATOR);
    if (unit >= 0xd800 && unit <= 0xdbff) this.#highSurrogate = unit;
    else if (!isSurrogate(unit)) this.#takeCodePoint(unit);
  }

  #takeCodePoint(codePoint: number): void {
    const unit = foldedUnit(codePoint);
    if (unit > EXPANDS) {
      this.#take(unit);
      return;
    }
    if (unit === VANISHES) return;
    const units = expansion(codePoint);
    for (let index = 0; index < units.length; index += 1) this.#take(units.charCodeAt(index));
  }

  #take(unit: number): void {
    if (unit === SEPARATOR) {
      if (this.#unitsInWord > 0) this.#closeWord();
      return;
    }
    if (isIdeographic(unit)) {
      if (this.#unitsInWord > 0) this.#closeWord();
      this.#emitWord(Math.imul(unit, MIX));
      return;
    }
    this.#emitCharacters(unit);
    this.#unitsInWord += 1;
    this.#word = Math.imul(this.#word, POLYNOMIAL) + unit;
  }

  #emitCharacters(unit: number): void {
    const three = Math.imul(this.#last2, POLYNOMIAL) + unit;
    const four = Math.imul(this.#last3, POLYNOMIAL) + unit;
    const five = Math.imul(this.#last4, POLYNOMIAL) + unit;
    if (this.#unitsInWord >= 1) this.#sink.add(mix(three, CHARACTER_TRIGRAM), this.#position);
    if (this.#unitsInWord >= 2) this.#sink.add(mix(four, CHARACTER_FOURGRAM), this.#position);
    if (this.#unitsInWord >= 3) this.#sink.add(mix(five, CHARACTER_FIVEGRAM), this.#position);
    this.#last4 = four;
    this.#last3 = three;
    this.#last2 = Math.imul(this.#last1, POLYNOMIAL) + unit;
    this.#last1 = unit;
  }

  #closeWord(): void {
    this.#emitCharacters(SEPARATOR);
    this.#emitWord(mix(this.#word, this.#unitsInWord));
    this.#word = 0;
    this.#unitsInWord = 0;
    this.#last1 = SEPARATOR;
    this.#last2 = 0;
    this.#last3 = 0;
    this.#last4 = 0;
  }

  #emitWord(word: number): void {
    const pair = Math.imul(this.#previousWord, POLYNOMIAL) ^ word;
    const triple = Math.imul(this.#wordBeforePrevious, MIX) ^ Math.imul(pair, POLYNOMIAL);
    this.#sink.add(mix(word, WORD_UNIGRAM), this.#position);
    this.#sink.add(mix(pair, WORD_BIGRAM), this.#position);
    this.#sink.add(mix(triple, WORD_TRIGRAM), this.#position);
    this.#wordBeforePrevious = this.#previousWord;
    this.#previousWord = word;
    this.#position += 1;
  }
}
