// What of an upstream's completion goes on beside the messages.
// Law: the guardrails read messages, so of all else only fields of OpenAI's go on: servers repeat the answer's tokens under
// other names (vLLM's prompt_logprobs and token_ids), in pieces that no guardrail could read, and notes of ours are ours alone.
import { z } from "zod";
import type { ChatCompletion, CompletionChoice } from "../wire/chat-completion.ts";

/** OpenAI's and the well-known ones of other servers. */
const FINISH_REASONS: ReadonlySet<string> = new Set([
  ...["stop", "length", "tool_calls", "content_filter", "function_call"],
  ...["eos", "eos_token", "end_turn", "stop_sequence", "max_tokens", "abort", "error"],
]);

const tokenSchema = z.object({
  token: z.string(),
  logprob: z.number(),
  bytes: z.array(z.number()).nullish(),
});
const tokensSchema = z.array(tokenSchema.extend({ top_logprobs: z.array(tokenSchema).nullish() })).nullish();

/** OpenAI's log probabilities, and nothing that stands beside them; none where they have another shape. */
const logprobsSchema = z.object({ content: tokensSchema, refusal: tokensSchema }).nullable().catch(null);

/** The choice as the guardrails get it. Whatever the model calls itself, it is the assistant. */
export function knownChoice({ index, message, finish_reason, logprobs }: CompletionChoice): CompletionChoice {
  const known = typeof finish_reason !== "string" || FINISH_REASONS.has(finish_reason);
  return {
    index,
    message: { ...message, role: "assistant" },
    finish_reason: known ? finish_reason : "stop",
    ...(logprobs === undefined ? {} : { logprobs: logprobsSchema.parse(logprobs) }),
  };
}

const scalarSchema = z.union([z.string(), z.number(), z.null()]);

export function knownHead({
  id,
  object,
  created,
  model,
  usage,
  system_fingerprint: fingerprint,
  service_tier: tier,
}: ChatCompletion): Pick<ChatCompletion, "id" | "object" | "created" | "model" | "usage"> {
  return {
    id,
    object,
    model,
    ...(created === undefined ? {} : { created }),
    ...(usage === undefined ? {} : { usage }),
    ...(scalarSchema.safeParse(fingerprint).success ? { system_fingerprint: fingerprint } : {}),
    ...(scalarSchema.safeParse(tier).success ? { service_tier: tier } : {}),
  };
}
