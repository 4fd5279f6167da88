// Builds a view piece by piece: stretches copied unit for unit, and single units that came from some range.
// Law: appends in the order of the original; looking up an origin is a binary search over the pieces.
import type { Range, TextView } from "./text-view.ts";

interface Piece {
  /** where the piece begins in the view */
  readonly at: number;
  /** a copied stretch: where it begins in the original; otherwise null, and `unitsAt` is where its units begin */
  readonly originAt: number | null;
  readonly unitsAt: number;
}

const CHUNK_UNITS = 8192;
const FIRST_UNITS = 16;

export class ViewBuilder {
  #text = "";
  readonly #pieces: Piece[] = [];
  #length = 0;
  // So small that V8 keeps them on its heap: most views have few units of their own.
  #codes = new Uint16Array(FIRST_UNITS);
  #starts = new Uint32Array(FIRST_UNITS);
  #ends = new Uint32Array(FIRST_UNITS);
  #units = 0;
  /** units that are not yet in `#text` begin here; equal to `#units` while a stretch is open or nothing is */
  #pending = 0;

  /** `text` as it is, standing for the original from `originAt` on. */
  copy(text: string, originAt: number): void {
    if (text === "") return;
    this.#flush();
    this.#pieces.push({ at: this.#length, originAt, unitsAt: 0 });
    this.#text += text;
    this.#length += text.length;
  }

  /** One code unit that stands for [start, end) of the original. */
  unit(code: number, start: number, end: number): void {
    if (this.#pending === this.#units) {
      this.#pieces.push({ at: this.#length, originAt: null, unitsAt: this.#units });
    }
    if (this.#units === this.#codes.length) this.#grow();
    this.#codes[this.#units] = code;
    this.#starts[this.#units] = start;
    this.#ends[this.#units] = end;
    this.#units += 1;
    this.#length += 1;
  }

  /** The number of the next unit; a unit may be changed until the next stretch is copied. */
  get nextUnit(): number {
    return this.#units;
  }

  /** Writes over an earlier unit, found by its number. */
  replaceUnit(unit: number, code: number): void {
    this.#codes[unit] = code;
  }

  /** Lets the last unit reach to `end`, if it is `code`. */
  extendLast(code: number, end: number): boolean {
    const last = this.#units - 1;
    if (this.#pending > last || this.#codes[last] !== code) return false;
    this.#ends[last] = end;
    return true;
  }

  view(kind: TextView["kind"]): TextView {
    this.#flush();
    return { text: this.#text, kind, origin: (start, end) => this.#origin(start, end) };
  }

  #origin(start: number, end: number): Range {
    const first = this.#rangeOf(start).start;
    return { start: first, end: end > start ? this.#rangeOf(end - 1).end : first };
  }

  #rangeOf(place: number): Range {
    let low = 0;
    for (let high = this.#pieces.length - 1; low < high;) {
      const middle = (low + high + 1) >>> 1;
      if ((this.#pieces[middle]?.at ?? 0) <= place) low = middle;
      else high = middle - 1;
    }
    const piece = this.#pieces[low];
    if (piece === undefined) return { start: 0, end: 0 };
    const within = place - piece.at;
    if (piece.originAt !== null) return { start: piece.originAt + within, end: piece.originAt + within + 1 };
    const unit = Math.min(piece.unitsAt + within, this.#units - 1);
    return { start: this.#starts[unit] ?? 0, end: this.#ends[unit] ?? 0 };
  }

  #flush(): void {
    for (let from = this.#pending; from < this.#units; from += CHUNK_UNITS) {
      const to = Math.min(from + CHUNK_UNITS, this.#units);
      // Most stretches have a unit or two, and to cut the array takes longer than to take them one by one.
      if (to - from < FIRST_UNITS) {
        for (let unit = from; unit < to; unit += 1) this.#text += String.fromCharCode(this.#codes[unit] ?? 0);
      } else this.#text += String.fromCharCode(...this.#codes.subarray(from, to));
    }
    this.#pending = this.#units;
  }

  #grow(): void {
    const capacity = this.#codes.length * 4;
    const codes = new Uint16Array(capacity);
    const starts = new Uint32Array(capacity);
    const ends = new Uint32Array(capacity);
    codes.set(this.#codes);
    starts.set(this.#starts);
    ends.set(this.#ends);
    this.#codes = codes;
    this.#starts = starts;
    this.#ends = ends;
  }
}
