// Sketches of texts whose likeness is that of the texts: one-permutation MinHash with optimal densification (Li, Owen and Zhang,
// NIPS 2012; Shrivastava, ICML 2017). Law: pure and linear; a sketch's shape is stored, so changing a number here orphans clusters.
import { fnv1a } from "../lib/fnv1a.ts";

const BINS = 64;
const BIN_BITS = 6;
/** UTF-16 units of a shingle: found by measuring, see docs/decisions/clusters.md */
const SHINGLE_UNITS = 4;
const DIGITS = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
const DIGITS_A_BIN = 2;
const VALUE_OF_DIGIT = new Uint8Array(128);
for (let value = 0; value < DIGITS.length; value += 1) VALUE_OF_DIGIT[DIGITS.charCodeAt(value)] = value;
/** Of the bands, four bins each: fewer bins are shared by many strangers, more are lost with few edits (docs/decisions/clusters.md). */
const FIRST_BINS = [0, 4, 8, 12, 16, 20] as const;
const EMPTY = 0xffff_ffff;
const FACTOR = 0x0100_0193;
const FACTOR_OF_THE_FIRST = Math.imul(Math.imul(FACTOR, FACTOR), Math.imul(FACTOR, FACTOR));

/** From here on two texts are near duplicates: the estimated Jaccard likeness of their shingles. */
export const NEAR = 0.5;

/** MurmurHash3's finaliser: every bit of the result depends on every bit given. */
function mixed(bits: number): number {
  let hash = bits ^ (bits >>> 16);
  hash = Math.imul(hash, 0x85eb_ca6b);
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2_ae35);
  return (hash ^ (hash >>> 16)) >>> 0;
}

function lowestOfBins(text: string): Uint32Array {
  const lowest = new Uint32Array(BINS).fill(EMPTY);
  let rolling = 0;
  for (let index = 0; index < text.length; index += 1) {
    rolling = Math.imul(rolling, FACTOR) + text.charCodeAt(index);
    if (index >= SHINGLE_UNITS) rolling -= Math.imul(FACTOR_OF_THE_FIRST, text.charCodeAt(index - SHINGLE_UNITS));
    // A text of fewer units is one shingle.
    if (index < SHINGLE_UNITS - 1 && index < text.length - 1) continue;
    const hash = mixed(rolling);
    const bin = hash >>> (32 - BIN_BITS);
    const rest = hash & (EMPTY >>> BIN_BITS);
    if (rest < (lowest[bin] ?? EMPTY)) lowest[bin] = rest;
  }
  return lowest;
}

/** A bin without a shingle takes what a full one has, the same one for every text with the same bins full. */
function borrowed(lowest: Uint32Array, bin: number): number {
  for (let attempt = 1; attempt < 10_000; attempt += 1) {
    const other = mixed(Math.imul(bin + 1, 0x9e37_79b1) ^ Math.imul(attempt, 0x85eb_ca77)) >>> (32 - BIN_BITS);
    const found = lowest[other] ?? EMPTY;
    if (found !== EMPTY) return found;
  }
  return EMPTY;
}

/** 128 characters: two for each bin, 12 bits of its hash, so that sketches are compared and cut into bands as they are. */
export function sketchOf(text: string): string {
  const lowest = lowestOfBins(text === "" ? " " : text);
  let sketch = "";
  for (let bin = 0; bin < BINS; bin += 1) {
    const own = lowest[bin] ?? EMPTY;
    const value = mixed(own === EMPTY ? borrowed(lowest, bin) : own);
    sketch += DIGITS.charAt(value >>> 26) + DIGITS.charAt((value >>> 20) & 63);
  }
  return sketch;
}

/** The estimated likeness of the two texts, 0 to 1. */
export function likeness(left: string, right: string): number {
  let same = 0;
  for (let place = 0; place < BINS * DIGITS_A_BIN; place += DIGITS_A_BIN) {
    const first = left.charCodeAt(place) === right.charCodeAt(place);
    if (first && left.charCodeAt(place + 1) === right.charCodeAt(place + 1)) same += 1;
  }
  return same / BINS;
}

/** The 24 bits of two bins, which are four digits. */
function bitsOf(sketch: string, bin: number): number {
  let bits = 0;
  for (let place = bin * DIGITS_A_BIN; place < (bin + 2) * DIGITS_A_BIN; place += 1)
    bits = (bits << 6) | (VALUE_OF_DIGIT[sketch.charCodeAt(place)] ?? 0);
  return bits;
}

/** Whole numbers below 2^53; of like texts at least one is the same, most likely. A project has its own. */
export function bandsOf(projectId: string, sketch: string): readonly number[] {
  const project = fnv1a(projectId);
  return FIRST_BINS.map((bin) => {
    const salted = project ^ Math.imul(bin + 1, 0x9e37_79b1);
    const [left, right] = [bitsOf(sketch, bin), bitsOf(sketch, bin + 2)];
    const low = mixed(mixed(salted ^ left) ^ right);
    const high = mixed(mixed(salted ^ right) ^ Math.imul(left, 0x85eb_ca77)) >>> 11;
    return high * 2 ** 32 + low;
  });
}
