// Takes the hint out of an analysis that repeats it. Law: what remains has no sentence of the guided prompt in it.
import { ANALYSIS_PROMPTS } from "../analysis/analysis-prompts.ts";

const SENTENCES = Object.values(ANALYSIS_PROMPTS).flatMap(({ hint, question }) => [hint, question]);

export function withoutHint(analysis: string): string {
  return SENTENCES.reduce((text, sentence) => text.replaceAll(sentence, ""), analysis).trim();
}
