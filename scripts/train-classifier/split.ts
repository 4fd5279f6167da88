// Splits texts into fit, calibration and test, by attack family and by wording.
// Law: a family falls into one part only, whichever source brings it; a text that two parts claim is in none.
import { createHash } from "node:crypto";
import { normalisedPrompt } from "../../bench/data.ts";
import type { AttackFamily } from "./attack-families.ts";
import { wordingFamilies } from "./wording-families.ts";

export const PARTS = ["fit", "calibration", "test"] as const;
export type Part = (typeof PARTS)[number];

const FIT_SHARE = 0.83;
const CALIBRATION_SHARE = 0.12;

/** A number in [0, 1) drawn from the text and a salt: chance that needs no generator and no order. */
export function drawn(salt: string, text: string): number {
  return createHash("sha256").update(`${salt}\n${text}`).digest().readUInt32BE(0) / 2 ** 32;
}

function drawnPart(wording: string): Part {
  const share = drawn("split", wording);
  if (share < FIT_SHARE) return "fit";
  return share < FIT_SHARE + CALIBRATION_SHARE ? "calibration" : "test";
}

export interface SplitText {
  readonly text: string;
  /** its attack family; `null`: asked outright, or no attack at all */
  readonly family: string | null;
}

/** `null`: the text is left out, since it is measured or nearly so, or its family and its wording belong to different parts. */
export type PartOf = (split: SplitText) => Part | null;

/** `measured` are the texts of the sets that are kept for measuring. */
export function createSplit(
  families: readonly AttackFamily[],
  texts: readonly SplitText[],
  measured: readonly string[],
): PartOf {
  const wordings = wordingFamilies([...texts.map(({ text }) => text), ...measured]);
  const wordingOf = (text: string): string => wordings.get(normalisedPrompt(text)) ?? normalisedPrompt(text);
  const partOfFamily = new Map(families.map(({ name, part }) => [name, part]));
  const claims = new Map<string, Part>();
  const claim = (text: string, part: Part): void => {
    const wording = wordingOf(text);
    const before = claims.get(wording) ?? "fit";
    claims.set(wording, PARTS.indexOf(part) > PARTS.indexOf(before) ? part : before);
  };
  for (const { text, family } of texts) {
    const part = family === null ? undefined : partOfFamily.get(family);
    if (part !== undefined) claim(text, part);
  }
  const kept = new Set(measured.map(wordingOf));
  return ({ text, family }) => {
    const wording = wordingOf(text);
    if (kept.has(wording)) return null;
    const part = claims.get(wording) ?? drawnPart(wording);
    return family === null || partOfFamily.get(family) === part ? part : null;
  };
}
