// Weights as signed bytes. Law: one scale a block, the largest weight at 127.
import type { Regression } from "./logistic-regression.ts";

const INT8_LIMIT = 127;

export interface Quantised {
  readonly bytes: Int8Array;
  readonly scale: number;
}

export function quantise(weights: Float64Array): Quantised {
  const largest = weights.reduce((limit, weight) => Math.max(limit, Math.abs(weight)), 0);
  const scale = largest === 0 ? 1 : largest / INT8_LIMIT;
  return { bytes: Int8Array.from(weights, (weight) => Math.round(weight / scale)), scale };
}

/** The regression as it will be computed from the bytes, so that calibration sees what run time sees. */
export function restored(parts: readonly Quantised[], bias: number): Regression {
  const size = parts.reduce((sum, { bytes }) => sum + bytes.length, 0);
  const weights = new Float64Array(size);
  let start = 0;
  for (const { bytes, scale } of parts) {
    weights.set(
      Float64Array.from(bytes, (byte) => byte * scale),
      start,
    );
    start += bytes.length;
  }
  return { weights, bias };
}
