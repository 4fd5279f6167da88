// Identifiers that sort by the time they were made, so that «newest first» is an index scan. Law: pure, given clock and bytes.
import type { Clock } from "./clock.ts";

/** Fills and returns an array of `length` random bytes. */
export type RandomBytes = (length: number) => Uint8Array;

export type IdPrefix =
  | "mis"
  | "atk"
  | "ana"
  | "rev"
  | "rel"
  | "key"
  | "ups"
  | "prj"
  | "req"
  | "chatcmpl"
  | "modr"
  | "use"
  | "msg"
  | "pol"
  | "aud"
  | "ovr"
  | "era"
  | "acc"
  | "rvs"
  | "exc"
  | "fbk"
  | "lea"
  | "blk"
  | "seg"
  | "cnd"
  | "ind";

export type MakeId = (prefix: IdPrefix) => string;

const TIME_DIGITS = 9;
const RANDOM_BYTES = 10;

function timeDigits(milliseconds: number): string {
  return milliseconds.toString(36).padStart(TIME_DIGITS, "0");
}

/** Sorts before every id of this prefix that was made at this moment or later, and after every earlier one. */
export function idFloor(prefix: IdPrefix, milliseconds: number): string {
  return `${prefix}_${timeDigits(milliseconds)}`;
}

/**
 * `prefix_` + milliseconds in base 36 (9 digits, good until the year 5188) + 80 random bits in base 36.
 * Ids of one prefix sort by time, and by chance within a millisecond.
 */
export function createMakeId(clock: Clock, randomBytes: RandomBytes): MakeId {
  return (prefix) => {
    let random = 0n;
    for (const byte of randomBytes(RANDOM_BYTES)) random = (random << 8n) | BigInt(byte);
    return `${idFloor(prefix, clock())}${random.toString(36).padStart(16, "0")}`;
  };
}
