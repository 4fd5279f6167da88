// The token counts of a completion's usage. Law: an upstream that counts nothing counts as 0; nothing is guessed.
import { z } from "zod";

const tokensSchema = z.looseObject({
  prompt_tokens: z.number().catch(0).default(0),
  completion_tokens: z.number().catch(0).default(0),
});

export interface CompletionTokens {
  readonly promptTokens: number;
  readonly completionTokens: number;
}

/** `usage` is what a completion or a stream's last chunk has under that name. */
export function tokensOf(usage: unknown): CompletionTokens {
  const parsed = tokensSchema.safeParse(usage);
  if (!parsed.success) return { promptTokens: 0, completionTokens: 0 };
  return { promptTokens: parsed.data.prompt_tokens, completionTokens: parsed.data.completion_tokens };
}
