// Every sentence of our own instructions, of every prompt version: the hints and questions of guided analysis, and the guidance.
// Law: a new prompt belongs in here, since what is not in here can enter a training example.
import { ANALYSIS_PROMPTS, OVER_REFUSAL_PROMPTS } from "../analysis/analysis-prompts.ts";
import { DELIBERATION_PROMPTS } from "../generation/guidance/deliberation-prompts.ts";
import { GUIDANCE_TEXTS } from "../generation/guidance/guidance-texts.ts";

const INSTRUCTIONS = [
  ...[...Object.values(ANALYSIS_PROMPTS), ...Object.values(OVER_REFUSAL_PROMPTS)].flatMap(({ hint, question }) => [
    hint,
    question,
  ]),
  ...Object.values(GUIDANCE_TEXTS).flatMap(({ before, after }) => [before, after]),
  ...Object.values(DELIBERATION_PROMPTS).map(({ lead }) => lead),
];

const SENTENCE = /[^.。]+[.。]?/g;

export const HINT_SENTENCES: readonly string[] = INSTRUCTIONS.flatMap((text) => text.match(SENTENCE) ?? []).map(
  (sentence) => sentence.trim(),
);

function plain(text: string): string {
  return text.toLowerCase().replaceAll(/\s+/g, " ");
}

const PLAIN_SENTENCES = [...new Set(HINT_SENTENCES.map((sentence) => plain(sentence).replace(/[.。:：]$/, "")))];

/** Whether a text repeats one of them word by word, whatever its case and spacing. */
export function saysHint(text: string): boolean {
  const read = plain(text);
  return PLAIN_SENTENCES.some((sentence) => read.includes(sentence));
}
