// What was worked out for a text of an exchange or a view of it, for the next guardrail that reads the same.
// Law: an entry lives no longer than its text, but for the last few short ones: a weak map costs the collector more than it
// takes to read a token's worth of text, and a stream asks for that with every token.

interface HasText {
  readonly text: string;
}

const MOST_SHORT_UNITS = 1024;
/** Guardrails read one after the other, and what they read by turns is seldom more than this. */
const RECENT = 8;

interface Entry<Key, Value> {
  readonly key: Key;
  readonly value: Value;
}

export class KnownByText<Key extends HasText, Value> {
  readonly #work: (key: Key) => Value;
  readonly #recent: Entry<Key, Value>[] = [];
  readonly #long = new WeakMap<Key, Value>();
  #turn = 0;

  constructor(work: (key: Key) => Value) {
    this.#work = work;
  }

  of(key: Key): Value {
    return key.text.length > MOST_SHORT_UNITS ? this.#ofLong(key) : this.#ofShort(key);
  }

  #ofShort(key: Key): Value {
    for (const entry of this.#recent) {
      if (entry.key === key) return entry.value;
    }
    const value = this.#work(key);
    this.#recent[this.#turn] = { key, value };
    this.#turn = (this.#turn + 1) % RECENT;
    return value;
  }

  #ofLong(key: Key): Value {
    const known = this.#long.get(key);
    if (known !== undefined) return known;
    const value = this.#work(key);
    this.#long.set(key, value);
    return value;
  }
}
