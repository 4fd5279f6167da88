// What a call of a model cost, in tokens. Law: what the upstream counted counts; what it did not count is estimated from the
// characters, so that no call is ever free.
import { z } from "zod";
import type { ChatCompletion, ChatRequest } from "./chat-completion.ts";
import { contentText } from "./content-text.ts";

/** OpenAI's rule of thumb for English (help.openai.com «What are tokens and how to count them»). */
const CHARACTERS_A_TOKEN = 4;

const countSchema = z.int().min(0);
const countsSchema = z.looseObject({
  prompt_tokens: countSchema.optional().catch(undefined),
  completion_tokens: countSchema.optional().catch(undefined),
});

export interface CompletionTokens {
  readonly promptTokens: number;
  readonly completionTokens: number;
}

/** What the model read and wrote; asked for only where the upstream counted nothing. */
export interface CountedTexts {
  readonly prompt: () => readonly string[];
  readonly completion: () => readonly string[];
}

export function estimatedTokens(texts: readonly string[]): number {
  return Math.ceil(texts.reduce((sum, { length }) => sum + length, 0) / CHARACTERS_A_TOKEN);
}

/** @param usage what a completion or a stream's last chunk has under that name */
export function completionTokens(usage: unknown, { prompt, completion }: CountedTexts): CompletionTokens {
  const counted = countsSchema.safeParse(usage).data;
  return {
    promptTokens: counted?.prompt_tokens ?? estimatedTokens(prompt()),
    completionTokens: counted?.completion_tokens ?? estimatedTokens(completion()),
  };
}

/** Of a call that Setback made itself: its request and the answers hold plain texts alone. */
export function ownCallTokens(
  { messages }: ChatRequest,
  { usage, choices }: Pick<ChatCompletion, "usage" | "choices">,
): CompletionTokens {
  return completionTokens(usage, {
    prompt: () => messages.map(({ content }) => contentText(content)),
    completion: () => choices.map(({ message }) => message.content ?? ""),
  });
}
