// Splits samples by their normalised prompt into fit, calibration and test.
// Law: a prompt falls into one part only, whichever source brings it, and always into the same.
import { createHash } from "node:crypto";
import { normalisedPrompt } from "../../bench/data.ts";

export const PARTS = ["fit", "calibration", "test"] as const;
export type Part = (typeof PARTS)[number];

const FIT_SHARE = 0.83;
const CALIBRATION_SHARE = 0.12;

/** A number in [0, 1) drawn from the text and a salt: chance that needs no generator and no order. */
export function drawn(salt: string, text: string): number {
  return createHash("sha256").update(`${salt}\n${text}`).digest().readUInt32BE(0) / 2 ** 32;
}

/** Where there is no prompt (`""`), the answer decides. */
export function partOf(prompt: string, answer = ""): Part {
  const key = normalisedPrompt(prompt);
  const share = drawn("split", key === "" ? normalisedPrompt(answer) : key);
  if (share < FIT_SHARE) return "fit";
  return share < FIT_SHARE + CALIBRATION_SHARE ? "calibration" : "test";
}
