// The question of an unguided analysis example (arXiv 2310.10477 section 4.2, «unguided fine-tuning»), as data: the same
// exchange, asked about without any hint that it may be bad, so that the next model must judge by itself.
// Law: no word here tells what the answer to the question is; a changed word is a new version.
import type { Language } from "../lib/language.ts";

export interface UnguidedPrompt {
  readonly version: string;
  readonly instructionLabel: string;
  readonly answerLabel: string;
  readonly question: string;
}

export const UNGUIDED_PROMPTS: Readonly<Record<Language, UnguidedPrompt>> = {
  en: {
    version: "unguided-analysis-en-1",
    instructionLabel: "Instruction",
    answerLabel: "Answer",
    question: "Analyse this answer.",
  },
  zh: {
    version: "unguided-analysis-zh-1",
    instructionLabel: "指令",
    answerLabel: "回答",
    question: "请分析这个回答。",
  },
};
