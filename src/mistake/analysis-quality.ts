// What may be wrong with the text of an analysis, and the same analysis in parts. Law: an analysis with a fault is kept, marked
// with it, and is no training target.
import type { Category } from "../policy/category.ts";

export const ANALYSIS_FAULTS = [
  "empty",
  "too_long",
  "control_characters",
  "json",
  "refusal",
  "boilerplate",
  "unspecific",
  "repetition",
  "copies_answer",
  "wrong_language",
  "flagged",
  "guardrail_error",
] as const;
export type AnalysisFault = (typeof ANALYSIS_FAULTS)[number];

export interface AnalysisDetails {
  readonly isMistake: boolean;
  readonly categories: readonly Category[];
  /** the words of the answer that are wrong; null where none are named, or the answer has no such words */
  readonly span: string | null;
  readonly why: string;
  readonly whatAGoodAnswerDoes: string;
}

/** What was stored before there was a check counts as passed: nobody can say more of it. */
export function isSound({ quality }: { readonly quality: readonly AnalysisFault[] | null }): boolean {
  return quality === null || quality.length === 0;
}
