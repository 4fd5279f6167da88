// Takes the bad answer out of an analysis that quotes it whole. Law: the bad answer is never a training target.
import { WITHHELD_TEXT } from "./withheld-text.ts";

/** Shorter answers are words that any analysis may need («yes», «42»). */
const SHORTEST_QUOTED = 16;

export function withoutAnswer(analysis: string, answer: string): string {
  const quoted = answer.trim();
  if (analysis.trim() === quoted) return "";
  return quoted.length < SHORTEST_QUOTED ? analysis : analysis.replaceAll(quoted, WITHHELD_TEXT);
}
