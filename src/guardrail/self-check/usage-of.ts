// What one call of the judge cost. Law: never free — where a server counts no tokens they are estimated from the characters.
import { z } from "zod";
import type { ChatCompletion, ChatRequest } from "../../wire/chat-completion.ts";
import { contentText } from "../../wire/content-text.ts";
import type { TokenUsage } from "../guardrail.ts";

/** English has about four to a token (platform.openai.com/tokenizer). */
const CHARACTERS_A_TOKEN = 4;

const countSchema = z.int().min(0);

function counted(count: unknown, texts: readonly string[]): number {
  const characters = texts.reduce((sum, { length }) => sum + length, 0);
  return countSchema.safeParse(count).data ?? Math.ceil(characters / CHARACTERS_A_TOKEN);
}

export function usageOf(request: ChatRequest, { model, usage, choices }: ChatCompletion): TokenUsage {
  return {
    model,
    promptTokens: counted(
      usage?.["prompt_tokens"],
      request.messages.map(({ content }) => contentText(content)),
    ),
    completionTokens: counted(
      usage?.["completion_tokens"],
      choices.map(({ message }) => message.content ?? ""),
    ),
  };
}
