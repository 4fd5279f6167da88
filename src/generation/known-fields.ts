// What of an upstream's completion goes on beside the messages. Law: unknown fields are read with the answer and pass untouched
// with it; where anything of it is withheld only OpenAI's own go on, since servers repeat the answer's tokens under other names
// (vLLM's prompt_logprobs and token_ids), in pieces that no guardrail could read. Notes of ours are ours alone.
import { z } from "zod";
import { isRecord } from "../lib/record.ts";
import type { ExchangeText } from "../guardrail/exchange.ts";
import type { ChatCompletion, CompletionChoice } from "../wire/chat-completion.ts";
import type { Fields } from "../wire/chat-chunk.ts";
import { textsOf } from "../wire/message-texts.ts";

/** OpenAI's and the well-known ones of other servers. */
const FINISH_REASONS: ReadonlySet<string> = new Set([
  ...["stop", "length", "tool_calls", "content_filter", "function_call"],
  ...["eos", "eos_token", "end_turn", "stop_sequence", "max_tokens", "abort", "error"],
]);

export function isFinishReason(reason: string): boolean {
  return FINISH_REASONS.has(reason);
}

const tokenSchema = z.object({
  token: z.string(),
  logprob: z.number(),
  bytes: z.array(z.number()).nullish(),
});
const tokensSchema = z.array(tokenSchema.extend({ top_logprobs: z.array(tokenSchema).nullish() })).nullish();

/** OpenAI's log probabilities, and nothing that stands beside them; none where they have another shape. */
const logprobsSchema = z.object({ content: tokensSchema, refusal: tokensSchema }).nullable().catch(null);

export function knownLogprobs(logprobs: unknown): z.infer<typeof logprobsSchema> {
  return logprobsSchema.parse(logprobs);
}

/** The choice as the guardrails get it. Whatever the model calls itself, it is the assistant. */
export function knownChoice({ index, message, finish_reason, logprobs }: CompletionChoice): CompletionChoice {
  const known = typeof finish_reason !== "string" || FINISH_REASONS.has(finish_reason);
  return {
    index,
    message: { ...message, role: "assistant" },
    finish_reason: known ? finish_reason : "stop",
    ...(logprobs === undefined ? {} : { logprobs: knownLogprobs(logprobs) }),
  };
}

/** A choice or completion without what an upstream must not say in our name. */
export function withoutNotes<Fields extends object>(fields: Fields): Fields {
  const copy: Fields & { setback?: unknown; content_filter_results?: unknown; prompt_filter_results?: unknown } = {
    ...fields,
  };
  delete copy.setback;
  delete copy.content_filter_results;
  delete copy.prompt_filter_results;
  return copy;
}

/** Every text of an answer that stands outside its message, for the guardrails. */
export function textsBeside(completion: ChatCompletion, choice: CompletionChoice): readonly ExchangeText[] {
  const { choices: _choices, ...head } = completion;
  const { index: _index, message: _message, finish_reason: finish, logprobs: _logprobs, ...rest } = choice;
  const odd = typeof finish === "string" && !FINISH_REASONS.has(finish) ? { finish_reason: finish } : {};
  return [
    ...textsOf({ ...withoutNotes(rest), ...odd }, "choice.", "model"),
    ...textsOf(unknownOfHead(head) ?? {}, "completion.", "model"),
  ].map((placed) => ({ role: "assistant", ...placed }));
}

const HEAD_FIELDS: ReadonlySet<string> = new Set([
  ...["id", "object", "created", "model", "system_fingerprint", "service_tier"],
]);
const NOTES: ReadonlySet<string> = new Set(["setback", "content_filter_results", "prompt_filter_results"]);

/** An id, a model's name: no blank, so no sentence. What has another shape is read like a field that we do not know. */
const ODD_NAME = /[^\w.:@/+-]/;

function isKnownHead(key: string, value: unknown): boolean {
  if (!HEAD_FIELDS.has(key)) return false;
  return value === null || typeof value === "number" || (typeof value === "string" && !ODD_NAME.test(value));
}

/** Fields of a chunk's head that we do not know; null where there are none, as with most. */
export function unknownOfHead(head: Fields): Fields | null {
  let isKnown = true;
  for (const key in head) isKnown &&= isKnownHead(key, head[key]);
  if (isKnown) return null;
  return unknownOfChoice(Object.fromEntries(Object.entries(head).filter(([key, value]) => !isKnownHead(key, value))));
}

/** A chunk's head without what an upstream must not say in our name; of that what we know, and what we do not. */
export interface SoundHead {
  readonly all: Fields;
  readonly known: Fields;
  /** null where there is none */
  readonly unknown: Fields | null;
}

export function soundHead(head: Fields): SoundHead {
  const unknown = unknownOfHead(head);
  let isSound = true;
  for (const key in head) if (NOTES.has(key)) isSound = false;
  if (unknown === null && isSound) return { all: head, known: head, unknown };
  const known = Object.fromEntries(
    Object.entries(head).flatMap(([key, value]): (readonly [string, unknown])[] => {
      if (isKnownHead(key, value)) return [[key, value]];
      // Clients throw where it is missing.
      return key === "id" ? [[key, ""]] : [];
    }),
  );
  return { all: { ...known, ...unknown }, known, unknown };
}

/** Fields beside a chunk's delta, index, finish reason and log probabilities: all of them unknown. */
export function unknownOfChoice(rest: Fields): Fields | null {
  const entries = Object.entries(rest).filter(([key]) => !NOTES.has(key));
  return entries.length === 0 ? null : Object.fromEntries(entries);
}

const USAGE_FIELDS: ReadonlySet<string> = new Set([
  ...["prompt_tokens", "completion_tokens", "total_tokens", "prompt_tokens_details", "completion_tokens_details"],
  ...["cached_tokens", "audio_tokens", "text_tokens", "image_tokens", "reasoning_tokens"],
  ...["accepted_prediction_tokens", "rejected_prediction_tokens"],
  ...["prompt_cache_hit_tokens", "prompt_cache_miss_tokens", "cost"],
]);

/** The counts of OpenAI and of well-known servers: usage comes when the answer was checked, so it must not bring words. */
export function knownUsage(usage: Fields): Fields {
  return Object.fromEntries(
    Object.entries(usage)
      .filter(([key]) => USAGE_FIELDS.has(key))
      .flatMap(([key, value]): (readonly [string, unknown])[] => {
        if (typeof value === "number" || value === null) return [[key, value]];
        return isRecord(value) ? [[key, knownUsage(value)]] : [];
      }),
  );
}

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
    id: isKnownHead("id", id) ? id : "",
    object,
    model: isKnownHead("model", model) ? model : "",
    ...(created === undefined ? {} : { created }),
    ...(usage === undefined || usage === null ? {} : { usage: knownUsage(usage) }),
    ...(isKnownHead("system_fingerprint", fingerprint) ? { system_fingerprint: fingerprint } : {}),
    ...(isKnownHead("service_tier", tier) ? { service_tier: tier } : {}),
  };
}
