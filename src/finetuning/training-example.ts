// One training example, whatever format it is written in. Law: a conversation that ends in its target; the bad answer stands in a
// user turn alone or as the rejected side of a preference, so that no loss ever draws towards it; the hint stands nowhere.
import { languageOf } from "../lib/language.ts";
import { answerText, conversationText, lastUserText } from "../mistake/exchange-text.ts";
import type { StoredExchange } from "../mistake/mistake.ts";
import type { ChatMessage } from "../wire/chat-completion.ts";
import { contentText } from "../wire/content-text.ts";
import { UNGUIDED_PROMPTS } from "./unguided-prompts.ts";
import { withoutHint } from "./without-hint.ts";

/** `correction`: how the mistake should have been answered; `preference`: that answer before the mistaken one. */
export const EXAMPLE_TYPES = ["analysis", "correction", "normal", "preference"] as const;
export type ExampleType = (typeof EXAMPLE_TYPES)[number];

export interface ExampleMessage {
  readonly role: "system" | "user" | "assistant";
  readonly content: string;
}

export interface TrainingExample {
  readonly type: ExampleType;
  /** examples of one prompt stay in one split */
  readonly promptKey: string;
  /** lineage: the mistake it was made of; null for a normal pair */
  readonly mistakeId: string | null;
  /** the last one is the target */
  readonly messages: readonly ExampleMessage[];
  /** of a preference: the answer that was worse */
  readonly rejected?: string;
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
    promptKey: promptKeyOf(withoutHint(asked)),
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

const ROLES = { system: "system", developer: "system", user: "user", assistant: "assistant" } as const;

function plainTurn({ role, content, tool_calls: calls }: ChatMessage): ExampleMessage | null {
  const said = withoutHint(contentText(content));
  if (role === "tool" || role === "function" || said === "" || (calls ?? []).length > 0) return null;
  return { role: ROLES[role], content: said };
}

/** The conversation turn by turn; as one user turn where turns are no plain text. Null where nothing was said. */
function turnsOf(messages: readonly ChatMessage[]): readonly ExampleMessage[] | null {
  const turns = messages.map(plainTurn);
  const plain = turns.filter((turn) => turn !== null);
  if (plain.length === turns.length && plain.at(-1)?.role === "user") return plain;
  const content = withoutHint(conversationText(messages));
  return content === "" ? null : [{ role: "user", content }];
}

/** The mistake's conversation with another answer than the mistaken one, or with its own where that was none. */
export function answeredExample(
  type: "correction" | "normal",
  mistakeId: string,
  { messages }: StoredExchange,
  answer: string,
): TrainingExample | null {
  const turns = turnsOf(messages);
  if (turns === null) return null;
  return {
    type,
    promptKey: promptKeyOf(withoutHint(lastUserText(messages))),
    mistakeId,
    messages: [...turns, { role: "assistant", content: answer }],
  };
}

/** Of a checked correction. */
export function preferenceExample(correction: TrainingExample, rejected: string): TrainingExample {
  return { ...correction, type: "preference", rejected };
}

/** Every text of it that is no target: what a model may read and never learns to say. */
export function contextTexts({ messages, rejected }: TrainingExample): readonly string[] {
  const context = messages.slice(0, -1).map(({ content }) => content);
  return rejected === undefined ? context : [...context, rejected];
}

export function targetText({ messages }: TrainingExample): string {
  return messages.at(-1)?.content ?? "";
}
