// OpenAI's chat completions on the wire (platform.openai.com/docs/api-reference/chat).
// Law: loose on what is forwarded — unknown fields pass both ways — and strict on what we read.
import { z } from "zod";
import { MESSAGE_ROLES } from "./message-fields.ts";

/** How deep a body may be nested. Beyond some thousands JSON.stringify fails; tools with large schemas need some dozens. */
export const MOST_LEVELS = 200;

const contentPartSchema = z.looseObject({ type: z.string(), text: z.string().optional() });

const toolCallSchema = z.looseObject({
  id: z.string().optional(),
  type: z.string().optional(),
  function: z.looseObject({ name: z.string().optional(), arguments: z.string().optional() }).optional(),
});

export const chatMessageSchema = z.looseObject({
  role: z.enum(MESSAGE_ROLES),
  content: z.union([z.string(), z.array(contentPartSchema)]).nullish(),
  tool_calls: z.array(toolCallSchema).nullish(),
});

export const chatRequestSchema = z.looseObject({
  model: z.string().min(1).optional(),
  messages: z.array(chatMessageSchema).min(1),
  n: z.int().min(1).max(128).nullish(),
  stream: z.boolean().nullish(),
  stream_options: z.looseObject({ include_usage: z.boolean().nullish() }).nullish(),
  store: z.boolean().nullish(),
  safety_identifier: z.string().nullish(),
  user: z.string().nullish(),
});

export const completionMessageSchema = z.looseObject({
  role: z.string().default("assistant"),
  content: z.string().nullish(),
  refusal: z.string().nullish(),
  reasoning_content: z.string().nullish(),
  tool_calls: z.array(toolCallSchema).nullish(),
});

export const completionChoiceSchema = z.looseObject({
  index: z.int().min(0),
  message: completionMessageSchema,
  finish_reason: z.string().nullish(),
});

export const chatCompletionSchema = z.looseObject({
  id: z.string(),
  object: z.literal("chat.completion").default("chat.completion"),
  created: z.int().optional(),
  model: z.string(),
  choices: z.array(completionChoiceSchema).min(1),
  usage: z.looseObject({}).nullish(),
});

export const modelListSchema = z.looseObject({
  object: z.literal("list").default("list"),
  data: z.array(z.looseObject({ id: z.string() })),
});

export type ContentPart = z.infer<typeof contentPartSchema>;
export type ToolCall = z.infer<typeof toolCallSchema>;
export type ChatMessage = z.infer<typeof chatMessageSchema>;
export type ChatRequest = z.infer<typeof chatRequestSchema>;
export type CompletionMessage = z.infer<typeof completionMessageSchema>;
export type CompletionChoice = z.infer<typeof completionChoiceSchema>;
export type ChatCompletion = z.infer<typeof chatCompletionSchema>;
export type ModelList = z.infer<typeof modelListSchema>;

/** An answer that may be given as its text alone. */
export function answerMessage(answer: string | CompletionMessage): CompletionMessage {
  return typeof answer === "string" ? { role: "assistant", content: answer } : answer;
}
