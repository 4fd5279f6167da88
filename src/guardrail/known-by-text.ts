// What was worked out for a text of an exchange, for the next guardrail that reads the same text.
// Law: an entry lives no longer than its text, but for the last few short ones: a weak map costs the collector more than it
// takes to read a token's worth of text, and a stream asks for that with every token.
import type { ExchangeText } from "./exchange.ts";

const MOST_SHORT_UNITS = 1024;
/** Guardrails read one after the other, and an answer seldom has more texts than this. */
const RECENT = 4;

interface Entry<Value> {
  readonly text: ExchangeText;
  readonly value: Value;
}

export class KnownByText<Value> {
  readonly #work: (text: ExchangeText) => Value;
  readonly #recent: Entry<Value>[] = [];
  readonly #long = new WeakMap<ExchangeText, Value>();
  #turn = 0;

  constructor(work: (text: ExchangeText) => Value) {
    this.#work = work;
  }

  of(text: ExchangeText): Value {
    return text.text.length > MOST_SHORT_UNITS ? this.#ofLong(text) : this.#ofShort(text);
  }

  #ofShort(text: ExchangeText): Value {
    for (const entry of this.#recent) {
      if (entry.text === text) return entry.value;
    }
    const value = this.#work(text);
    this.#recent[this.#turn] = { text, value };
    this.#turn = (this.#turn + 1) % RECENT;
    return value;
  }

  #ofLong(text: ExchangeText): Value {
    const known = this.#long.get(text);
    if (known !== undefined) return known;
    const value = this.#work(text);
    this.#long.set(text, value);
    return value;
  }
}
