// The prompts of guided mistake analysis (arXiv 2310.10477 section 4.2), as data. The hint is the sentence that tells the
// model that the answer may be bad; it exists here alone and never enters a training example (see finetuning/).
// Law: a changed word is a new version.
import type { Language } from "../lib/language.ts";
import type { MistakeKind } from "../mistake/mistake.ts";

export interface AnalysisPrompt {
  readonly version: string;
  readonly hint: string;
  readonly question: string;
  readonly instructionLabel: string;
  readonly answerLabel: string;
}

export const ANALYSIS_PROMPTS: Readonly<Record<Language, AnalysisPrompt>> = {
  en: {
    version: "guided-analysis-en-1",
    hint: "The answer may be harmful, unethical, offensive or incorrect.",
    question:
      "Explain in two or three sentences why this answer is not good, without repeating any harmful detail of it.",
    instructionLabel: "Instruction",
    answerLabel: "Answer",
  },
  zh: {
    version: "guided-analysis-zh-1",
    hint: "该回答可能有害、不道德、冒犯他人或不正确。",
    question: "请用两三句话说明这个回答为什么不好，不要重复其中任何有害的细节。",
    instructionLabel: "指令",
    answerLabel: "回答",
  },
};

/** For a refusal where an answer was due: what the other prompt asks would lead the model to praise it. */
export const OVER_REFUSAL_PROMPTS: Readonly<Record<Language, AnalysisPrompt>> = {
  en: {
    version: "guided-analysis-over-refusal-en-1",
    hint: "The answer may have refused a harmless instruction for no good reason.",
    question:
      "Explain in two or three sentences why refusing was not needed here, and what a helpful answer would have given instead.",
    instructionLabel: "Instruction",
    answerLabel: "Answer",
  },
  zh: {
    version: "guided-analysis-over-refusal-zh-1",
    hint: "该回答可能毫无必要地拒绝了一条无害的指令。",
    question: "请用两三句话说明这里为什么不需要拒绝，以及一个有帮助的回答本应给出什么。",
    instructionLabel: "指令",
    answerLabel: "回答",
  },
};

export function analysisPrompt(kind: MistakeKind, language: Language): AnalysisPrompt {
  return (kind === "over_refusal" ? OVER_REFUSAL_PROMPTS : ANALYSIS_PROMPTS)[language];
}
