// The normal pairs of a release, in the order in which its parts take them. Law: a file of any size is read a window at a time, each
// window in the order that the seed gives; a place in it is three numbers, so that whoever goes on needs nothing else.
import type { ObjectStore } from "../lib/object-store.ts";
import { err, ok, type Result } from "../lib/result.ts";
import { DEFAULT_NORMAL_PAIRS } from "./default-normal-pairs.ts";
import { readNormalPairs, type NormalPair } from "./normal-pair.ts";

/** Where the next pair is: in the window that begins at this byte, behind so many lines, the `index`th of its order. */
export interface PairPlace {
  readonly start: number;
  readonly line: number;
  readonly index: number;
}

export const FIRST_PAIR: PairPlace = { start: 0, line: 0, index: 0 };

export interface PlacedPair {
  readonly pair: NormalPair;
  /** where the one after it is */
  readonly next: PairPlace;
}

interface Window {
  readonly start: number;
  readonly pairs: readonly NormalPair[];
  /** null behind the last one */
  readonly next: PairPlace | null;
}

export const WINDOW_BYTES = 4 * 1024 * 1024;
const LINE_FEED = 0x0a;

/** Always the same for the same pairs, whatever order they come in. */
export function shuffledPairs(pairs: readonly NormalPair[], orderOf: (text: string) => number): readonly NormalPair[] {
  return pairs
    .map((pair) => ({ pair, order: orderOf(pair.prompt), text: `${pair.prompt}\n${pair.answer}` }))
    .toSorted((left, right) => left.order - right.order || (left.text < right.text ? -1 : 1))
    .map(({ pair }) => pair);
}

export class NormalPairSource {
  readonly #objects: Pick<ObjectStore, "get" | "getRange">;
  readonly #key: string | null;
  readonly #orderOf: (text: string) => number;
  readonly #windowBytes: number;
  #bytes: number | null = null;
  /** the last one that was read, since the next part goes on in it */
  #window: Window | null = null;

  /** @param key of the operator's JSONL; null: the small synthetic default */
  constructor(
    objects: Pick<ObjectStore, "get" | "getRange">,
    key: string | null,
    orderOf: (text: string) => number,
    windowBytes = WINDOW_BYTES,
  ) {
    this.#objects = objects;
    this.#key = key;
    this.#orderOf = orderOf;
    this.#windowBytes = windowBytes;
  }

  /** What the manifest calls it. */
  get name(): string {
    return this.#key ?? "synthetic default";
  }

  /** The next `count` pairs from a place on; fewer at the end. The error says what is wrong with the file. */
  async take(from: PairPlace, count: number): Promise<Result<readonly PlacedPair[], string>> {
    const taken: PlacedPair[] = [];
    let place: PairPlace | null = from;
    while (place !== null && taken.length < count) {
      const read: Result<Window, string> = await this.#read(place);
      if (!read.ok) return read;
      const { pairs, next, start } = read.value;
      const { line, index } = place;
      for (let at = index; at < pairs.length && taken.length < count; at += 1) {
        const pair = pairs[at];
        if (pair !== undefined) taken.push({ pair, next: { start, line, index: at + 1 } });
      }
      place = next;
    }
    return ok(taken);
  }

  async #read({ start, line }: PairPlace): Promise<Result<Window, string>> {
    if (this.#window?.start === start) return ok(this.#window);
    const window = this.#key === null ? this.#default() : await this.#readFile(this.#key, start, line);
    if (window.ok) this.#window = window.value;
    return window;
  }

  #default(): Result<Window, string> {
    return ok({ start: 0, pairs: shuffledPairs(DEFAULT_NORMAL_PAIRS, this.#orderOf), next: null });
  }

  async #readFile(key: string, start: number, line: number): Promise<Result<Window, string>> {
    const bytes = this.#bytes ?? (await this.#size(key));
    if (bytes === null) return err(`SETBACK_NORMAL_PAIRS names the object "${key}", which isn't there`);
    this.#bytes = bytes;
    if (start >= bytes) return ok({ start, pairs: [], next: null });
    const read = await this.#objects.getRange(key, start, Math.min(this.#windowBytes, bytes - start));
    if (read === null) return err(`SETBACK_NORMAL_PAIRS names the object "${key}", which isn't there`);
    const isLast = start + read.byteLength >= bytes;
    const end = isLast ? read.byteLength : read.lastIndexOf(LINE_FEED) + 1;
    if (end === 0) return err(`line ${line + 1} of the normal pairs is longer than ${this.#windowBytes} bytes`);
    const text = new TextDecoder().decode(read.subarray(0, end));
    const pairs = readNormalPairs(text, line);
    if (!pairs.ok) return pairs;
    const lines = text.split("\n").length - 1;
    const next = isLast ? null : { start: start + end, line: line + lines, index: 0 };
    return ok({ start, pairs: shuffledPairs(pairs.value, this.#orderOf), next });
  }

  async #size(key: string): Promise<number | null> {
    const object = await this.#objects.get(key);
    await object?.body.cancel();
    return object?.bytes ?? null;
  }
}
