// What the analyst is asked: the exchange and the hint, in a fresh context.
// Law: the exchange is data — quoted between random delimiters in a user turn (models go easier on text in a turn of their
// own, arXiv 2603.04582).
import { answerText, conversationText } from "../mistake/exchange-text.ts";
import type { StoredExchange } from "../mistake/mistake.ts";
import type { ChatRequest } from "../wire/chat-completion.ts";
import type { AnalysisPrompt } from "./analysis-prompts.ts";

/** Long exchanges are cut for the prompt, so that a small model's context holds them: what stands in the middle goes. */
const MAX_QUOTED_CHARACTERS = 6_000;
const HEAD_CHARACTERS = 2_000;
const OMISSION = "\n…\n";
const MAX_ANALYSIS_TOKENS = 256;

/** The beginning, where a system prompt stands, and the end, where the last question does. */
function shortened(text: string): string {
  if (text.length <= MAX_QUOTED_CHARACTERS) return text.toWellFormed();
  const tail = text.slice(text.length - (MAX_QUOTED_CHARACTERS - HEAD_CHARACTERS - OMISSION.length));
  return `${text.slice(0, HEAD_CHARACTERS).toWellFormed()}${OMISSION}${tail.toWellFormed()}`;
}

export function analysisRequest(exchange: StoredExchange, prompt: AnalysisPrompt, delimiter: string): ChatRequest {
  const quote = (label: string, text: string): string =>
    `${label}:\n<${delimiter}>\n${shortened(text)}\n</${delimiter}>`;
  const content = [
    quote(prompt.instructionLabel, conversationText(exchange.messages)),
    quote(prompt.answerLabel, answerText(exchange.answer)),
    `${prompt.hint} ${prompt.question}`,
  ].join("\n\n");
  return { messages: [{ role: "user", content }], max_tokens: MAX_ANALYSIS_TOKENS, temperature: 0 };
}
