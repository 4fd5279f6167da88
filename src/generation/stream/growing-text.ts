// A text that grows at its end and is mostly read there. Law: appending and reading the end cost what they touch, never the
// whole text; joining the whole is remembered.

const KEPT_UNITS = 1_024;

export class GrowingText {
  readonly #parts: string[] = [];
  #length = 0;
  #end = "";

  get length(): number {
    return this.#length;
  }

  append(text: string): void {
    this.#parts.push(text);
    this.#length += text.length;
    this.#end += text;
  }

  /** What lies before `place` will hardly be read again. */
  settle(place: number): void {
    const readable = this.#length - place + KEPT_UNITS;
    if (this.#end.length > 2 * readable) this.#end = this.#end.slice(-readable);
  }

  /** Of UTF-16 units, as `String.slice`. */
  slice(start: number, end: number): string {
    const endsAt = this.#length - this.#end.length;
    if (start >= endsAt) return this.#end.slice(start - endsAt, end - endsAt);
    return this.whole().slice(start, end);
  }

  whole(): string {
    if (this.#parts.length > 1) this.#parts.splice(0, this.#parts.length, this.#parts.join(""));
    return this.#parts[0] ?? "";
  }

  /** Forgets everything from `length` on. */
  truncate(length: number): void {
    if (length >= this.#length) return;
    const kept = this.whole().slice(0, length);
    this.#parts.splice(0, this.#parts.length, kept);
    this.#length = length;
    this.#end = kept;
  }
}
