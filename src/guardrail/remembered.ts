// Remembers what was worked out for the last few texts (system prompts repeat from request to request).
// Law: bounded by a number of entries; the oldest goes first.

export class Remembered<T> {
  readonly #work: (text: string) => T;
  readonly #capacity: number;
  readonly #known = new Map<string, T>();

  constructor(capacity: number, work: (text: string) => T) {
    this.#capacity = capacity;
    this.#work = work;
  }

  get(text: string): T {
    const known = this.#known.get(text);
    const value = known ?? this.#work(text);
    this.#known.delete(text);
    this.#known.set(text, value);
    if (this.#known.size > this.#capacity) {
      const oldest = this.#known.keys().next();
      if (!oldest.done) this.#known.delete(oldest.value);
    }
    return value;
  }
}
