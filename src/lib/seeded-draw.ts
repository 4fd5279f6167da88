// Draws that a text decides: the same text gives the same row of numbers. Law: pure but for its own count; no use for secrets.
import { fnv1a } from "./fnv1a.ts";

/** Mulberry32 over a hash of the text; each draw is in [0, 1). */
export function seededDraw(text: string): () => number {
  let state = fnv1a(text) >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}

/** A new array in the order that the draws decide (Fisher and Yates). */
export function shuffled<Item>(items: readonly Item[], draw: () => number): readonly Item[] {
  const rest = [...items];
  const result: Item[] = [];
  while (rest.length > 0) {
    const place = Math.floor(draw() * rest.length);
    const last = rest.length - 1;
    const [chosen, end] = [rest[place], rest[last]];
    if (chosen === undefined || end === undefined) break;
    result.push(chosen);
    rest[place] = end;
    rest.length = last;
  }
  return result;
}
