// Says by a text's next three characters whether a word of a long list may begin there, so that the long expression is seldom
// tried. Law: lets through too much at most; all that is no small Latin letter counts as the same sign.

const SIGNS = 27;
const OTHER = 0;
const FIRST_LETTER = 97;

/** One step of a word: a letter, again and again perhaps, or a sign of any kind. */
export type Step = { readonly letter: string } | "any";

function signOf(code: number): number {
  const letter = code - FIRST_LETTER;
  return letter >= 0 && letter < SIGNS - 1 ? letter + 1 : OTHER;
}

export class ThreeLetters {
  readonly #table = new Uint8Array(SIGNS ** 3);

  /** @param words three steps and more each */
  constructor(words: readonly (readonly Step[])[]) {
    for (const steps of words) this.#add(steps, 0, 0, 0);
  }

  /** `index` is made of the `signs` read so far. */
  #add(steps: readonly Step[], at: number, index: number, signs: number): void {
    if (signs === 3) {
      this.#table[index] = 1;
      return;
    }
    const step = steps[at];
    if (step === undefined) throw new RangeError("A word must have three letters.");
    if (step === "any") {
      for (let sign = 0; sign < SIGNS; sign += 1) this.#add(steps, at + 1, index * SIGNS + sign, signs + 1);
      return;
    }
    const next = index * SIGNS + signOf(step.letter.charCodeAt(0));
    this.#add(steps, at + 1, next, signs + 1);
    // The letter again.
    if (signs < 2) this.#add(steps, at, next, signs + 1);
  }

  /** The first place at or after `from` where three characters are such a beginning; -1 if there is none. */
  next(text: string, from: number): number {
    let [first, second] = [signOf(text.charCodeAt(from)), signOf(text.charCodeAt(from + 1))];
    for (let place = from + 2; place < text.length; place += 1) {
      const third = signOf(text.charCodeAt(place));
      if (this.#table[(first * SIGNS + second) * SIGNS + third] === 1) return place - 2;
      first = second;
      second = third;
    }
    return -1;
  }

  has(text: string, place: number): boolean {
    const first = signOf(text.charCodeAt(place)) * SIGNS + signOf(text.charCodeAt(place + 1));
    return this.#table[first * SIGNS + signOf(text.charCodeAt(place + 2))] === 1;
  }
}
