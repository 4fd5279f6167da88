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
  /** the first `count` of `hashes`; whoever has it is not called for each by itself */
  addAll?(hashes: Int32Array, count: number, word: number): void;
  /** before this word, `addAll` is given those of one word at a time; from there on, `word` is the last of some */
  readonly wordsApart?: number;
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

/** Folded units and features on their way. Empty whenever no method runs, so that one of each serves all texts. */
const MOST_UNITS = 256;
const UNITS = new Int32Array(MOST_UNITS);
/** An ideograph behind a word gives nine features: its own three, three of the word, three of the word's last characters. */
const HASHES = new Int32Array(MOST_UNITS * 9);

function mix(value: number, salt: number): number {
  const spread = Math.imul(value ^ (value >>> 15) ^ salt, MIX);
  return spread ^ (spread >>> 13);
}

function next(hash: number, unit: number): number {
  return (Math.imul(hash, POLYNOMIAL) + unit) | 0;
}

/**
 * Words of letters and digits give word 1–3-grams and character 3–5-grams that stay within « word »;
 * kana and ideographs are words of their own.
 */
export class TextFeatures {
  readonly #sink: FeatureSink;
  readonly #wordsApart: number;
  #highSurrogate = 0;
  /** how many there are in `UNITS` */
  #folded = 0;
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
    this.#wordsApart = sink.wordsApart ?? Infinity;
  }

  push(text: string): void {
    let index = 0;
    while (index < text.length) {
      if (this.#highSurrogate === 0) index = this.#foldPlain(text, index);
      if (this.#folded === MOST_UNITS) this.#read();
      else if (index < text.length) {
        this.#fold(text.charCodeAt(index));
        index += 1;
      }
    }
    this.#read();
  }

  /** Ends the word in work, as a separator would. */
  end(): void {
    this.#highSurrogate = 0;
    this.#take(SEPARATOR);
    this.#read();
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

  /** Units that fold to one unit each, by far the most; returns where it stopped. */
  #foldPlain(text: string, from: number): number {
    let folded = this.#folded;
    let place = from;
    const end = Math.min(text.length, from + MOST_UNITS - folded);
    for (; place < end; place += 1) {
      const code = text.charCodeAt(place);
      const unit = foldedUnit(code);
      if (unit <= EXPANDS || (unit === SEPARATOR && isSurrogate(code))) break;
      UNITS[folded] = unit;
      folded += 1;
    }
    this.#folded = folded;
    return place;
  }

  #fold(unit: number): void {
    if (this.#highSurrogate !== 0 || isSurrogate(unit)) this.#pair(unit);
    else this.#takeCodePoint(unit);
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
    UNITS[this.#folded] = unit;
    this.#folded += 1;
    if (this.#folded === MOST_UNITS) this.#read();
  }

  /**
   * The features of all units that are folded. All that is kept from one to the next is in variables of its own here, since
   * this takes most of the time.
   */
  #read(): void {
    const folded = this.#folded;
    let unitsInWord = this.#unitsInWord;
    let last1 = this.#last1;
    let last2 = this.#last2;
    let last3 = this.#last3;
    let last4 = this.#last4;
    let word = this.#word;
    let count = 0;
    for (let place = 0; place < folded; place += 1) {
      const unit = UNITS[place] ?? SEPARATOR;
      const isEnd = unit === SEPARATOR || isIdeographic(unit);
      if (isEnd && unitsInWord === 0) {
        if (unit !== SEPARATOR) count = this.#emitWord(Math.imul(unit, MIX), count);
        continue;
      }
      const edge = isEnd ? SEPARATOR : unit;
      const three = next(last2, edge);
      const four = next(last3, edge);
      const five = next(last4, edge);
      if (unitsInWord >= 1) HASHES[count++] = mix(three, CHARACTER_TRIGRAM);
      if (unitsInWord >= 2) HASHES[count++] = mix(four, CHARACTER_FOURGRAM);
      if (unitsInWord >= 3) HASHES[count++] = mix(five, CHARACTER_FIVEGRAM);
      if (isEnd) {
        count = this.#emitWord(mix(word, unitsInWord), count);
        if (unit !== SEPARATOR) count = this.#emitWord(Math.imul(unit, MIX), count);
        unitsInWord = 0;
        last1 = SEPARATOR;
        last2 = 0;
        last3 = 0;
        last4 = 0;
        word = 0;
      } else {
        last4 = four;
        last3 = three;
        last2 = next(last1, unit);
        last1 = unit;
        word = next(word, unit);
        unitsInWord += 1;
      }
    }
    this.#folded = 0;
    this.#unitsInWord = unitsInWord;
    this.#last1 = last1;
    this.#last2 = last2;
    this.#last3 = last3;
    this.#last4 = last4;
    this.#word = word;
    this.#give(count);
  }

  /** Returns how many there are then in `HASHES`. */
  #emitWord(word: number, count: number): number {
    const pair = Math.imul(this.#previousWord, POLYNOMIAL) ^ word;
    const triple = Math.imul(this.#wordBeforePrevious, MIX) ^ Math.imul(pair, POLYNOMIAL);
    HASHES[count] = mix(word, WORD_UNIGRAM);
    HASHES[count + 1] = mix(pair, WORD_BIGRAM);
    HASHES[count + 2] = mix(triple, WORD_TRIGRAM);
    this.#wordBeforePrevious = this.#previousWord;
    this.#previousWord = word;
    const isApart = this.#position < this.#wordsApart;
    if (isApart) this.#give(count + 3);
    this.#position += 1;
    return isApart ? 0 : count + 3;
  }

  #give(count: number): void {
    if (count === 0) return;
    if (this.#sink.addAll !== undefined) this.#sink.addAll(HASHES, count, this.#position);
    else for (let place = 0; place < count; place += 1) this.#sink.add(HASHES[place] ?? 0, this.#position);
  }
}
