// Tokens become text here: whole characters only, and nothing of a stop string.
// Law: what was released is never taken back, so a suffix that may still begin a stop string is held.

const REPLACEMENT = "\uFFFD";
/** A character of UTF-8 has at most four bytes, so four tokens; beyond that the bytes were never a character. */
const MOST_TOKENS_OF_A_CHARACTER = 4;
/** Enough of what came before for a tokenizer to decide whether a space belongs in front. */
const TOKENS_BEFORE = 8;

export class CompletionText {
  readonly #decode: (tokens: readonly number[], before: readonly number[]) => string;
  readonly #stops: readonly string[];
  #before: readonly number[] = [];
  #incomplete: readonly number[] = [];
  #held = "";
  #stopped = false;

  constructor(decode: (tokens: readonly number[], before: readonly number[]) => string, stops: readonly string[]) {
    this.#decode = decode;
    this.#stops = stops;
  }

  /** Whether a stop string was written: nothing after it counts. */
  get stopped(): boolean {
    return this.#stopped;
  }

  /** The text that this token sets free; often none. */
  push(token: number): string {
    this.#incomplete = [...this.#incomplete, token];
    const text = this.#decode(this.#incomplete, this.#before);
    if (text.endsWith(REPLACEMENT) && this.#incomplete.length < MOST_TOKENS_OF_A_CHARACTER) return "";
    this.#before = [...this.#before, ...this.#incomplete].slice(-TOKENS_BEFORE);
    this.#incomplete = [];
    return this.#release(this.#held + text);
  }

  /** What was still held when the model ended. */
  end(): string {
    if (this.#stopped) return "";
    const rest = this.#incomplete.length > 0 ? this.#decode(this.#incomplete, this.#before) : "";
    this.#incomplete = [];
    const released = this.#release(this.#held + rest);
    const held = this.#held;
    this.#held = "";
    return released + held;
  }

  #release(text: string): string {
    const ends = this.#stops.map((stop) => text.indexOf(stop)).filter((index) => index >= 0);
    if (ends.length > 0) {
      this.#stopped = true;
      this.#held = "";
      return text.slice(0, Math.min(...ends));
    }
    const heldLength = Math.max(0, ...this.#stops.map((stop) => overlap(text, stop)));
    this.#held = text.slice(text.length - heldLength);
    return text.slice(0, text.length - heldLength);
  }
}

/** Length of the longest end of `text` that is a beginning of `stop`. */
function overlap(text: string, stop: string): number {
  for (let length = Math.min(text.length, stop.length - 1); length > 0; length -= 1) {
    if (text.endsWith(stop.slice(0, length))) return length;
  }
  return 0;
}
