// One training example in OpenAI's fine-tuning chat format (platform.openai.com/docs/guides/supervised-fine-tuning).
// Law: the bad answer stands in the user turn alone, so no loss ever falls on it; the hint stands nowhere.
import { languageOf } from "../lib/language.ts";
import { answerText, conversationText, lastUserText } from "../mistake/exchange-text.ts";
import type { StoredExchange } from "../mistake/mistake.ts";
import { UNGUIDED_PROMPTS } from "./unguided-prompts.ts";
import { withoutHint } from "./without-hint.ts";

export type ExampleType = "analysis" | "normal";

export interface TrainingExample {
  readonly type: ExampleType;
  /** examples of one prompt stay in one split */
  readonly promptKey: string;
  /** lineage: the mistake it was made of; null for a normal pair */
  readonly mistakeId: string | null;
  readonly messages: readonly { readonly role: "user" | "assistant"; readonly content: string }[];
}

/** Prompts that differ in case, width or spacing alone are one prompt. */
export function promptKeyOf(prompt: string): string {
  return prompt.normalize("NFKC").toLowerCase().replaceAll(/\s+/g, " ").trim();
}

export function analysisExample(mistakeId: string, exchange: StoredExchange, analysis: string): TrainingExample {
  const asked = lastUserText(exchange.messages);
  const prompt = UNGUIDED_PROMPTS[languageOf(asked)];
  const content = [
    `${prompt.instructionLabel}:\n${withoutHint(conversationText(exchange.messages))}`,
    `${prompt.answerLabel}:\n${withoutHint(answerText(exchange.answer))}`,
    prompt.question,
  ].join("\n\n");
  return {
    type: "analysis",
    promptKey: promptKeyOf(asked),
    mistakeId,
    messages: [
      { role: "user", content },
      { role: "assistant", content: analysis },
    ],
  };
}

export function normalExample(prompt: string, answer: string): TrainingExample {
  return {
    type: "normal",
    promptKey: promptKeyOf(prompt),
    mistakeId: null,
    messages: [
      { role: "user", content: prompt },
      { role: "assistant", content: answer },
    ],
  };
}

/** One line of a JSONL file, its line break included. */
export function exampleLine({ messages }: TrainingExample): string {
  return `${JSON.stringify({ messages })}\n`;
}
