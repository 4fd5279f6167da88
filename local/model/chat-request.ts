// What a client may ask of the local server: OpenAI's chat completion and our `/v1/score`.
// Law: strict on what we act on, loose on the rest; unknown fields are ignored, as other local servers do.
import { z } from "zod";
import { RequestProblem } from "./request-problem.ts";
import type { AnswerShape, ChatMessage } from "./text-model.ts";

/** When the client names no limit: a small model left alone may talk until its context is full. */
const DEFAULT_MAXIMUM_TOKENS = 512;
const MOST_CHOICES = 128;
const MOST_ALTERNATIVES = 20;
const MOST_STOPS = 16;

const partSchema = z.discriminatedUnion("type", [
  z.looseObject({ type: z.literal("text"), text: z.string() }),
  z.looseObject({ type: z.literal("refusal"), refusal: z.string() }),
]);

const messageSchema = z.looseObject({
  role: z.enum(["system", "developer", "user", "assistant", "tool", "function"]),
  content: z
    .union([z.string(), z.array(partSchema)], { error: "must be text or text parts: this model reads text only" })
    .nullish(),
});

const messagesSchema = z.array(messageSchema).min(1, "must hold at least one message");

const responseFormatSchema = z.discriminatedUnion("type", [
  z.looseObject({ type: z.literal("text") }),
  z.looseObject({ type: z.literal("json_object") }),
  z.looseObject({
    type: z.literal("json_schema"),
    json_schema: z.looseObject({ schema: z.record(z.string(), z.unknown()) }),
  }),
]);

const tokenLimit = z.number().int().min(1).nullish();

const chatSchema = z.looseObject({
  model: z.string().min(1),
  messages: messagesSchema,
  stream: z.boolean().nullish(),
  stream_options: z.looseObject({ include_usage: z.boolean().nullish() }).nullish(),
  n: z.number().int().min(1).max(MOST_CHOICES).nullish(),
  stop: z.union([z.string(), z.array(z.string()).max(MOST_STOPS)]).nullish(),
  seed: z.number().int().nullish(),
  temperature: z.number().min(0).max(2).nullish(),
  top_p: z.number().min(0).max(1).nullish(),
  max_tokens: tokenLimit,
  max_completion_tokens: tokenLimit,
  logprobs: z.boolean().nullish(),
  top_logprobs: z.number().int().min(0).max(MOST_ALTERNATIVES).nullish(),
  response_format: responseFormatSchema.nullish(),
});

const scoreSchema = z.looseObject({
  model: z.string().min(1),
  messages: messagesSchema,
  continuation: z.string().min(1),
});

export interface ChatRequest {
  readonly model: string;
  readonly messages: readonly ChatMessage[];
  readonly stream: boolean;
  readonly includeUsage: boolean;
  readonly choices: number;
  readonly stops: readonly string[];
  /** null: the server draws one */
  readonly seed: number | null;
  readonly temperature: number;
  readonly topP: number;
  readonly maximumTokens: number;
  /** null: the client asked for no log-probabilities */
  readonly alternatives: number | null;
  readonly shape: AnswerShape;
}

export interface ScoreRequest {
  readonly model: string;
  readonly messages: readonly ChatMessage[];
  readonly continuation: string;
}

export function readChatRequest(body: unknown): ChatRequest {
  const asked = parse(chatSchema, body);
  if (asked.logprobs !== true && (asked.top_logprobs ?? 0) > 0)
    throw new RequestProblem(400, "top_logprobs needs logprobs: true.", "invalid_value", "top_logprobs");
  const stops = typeof asked.stop === "string" ? [asked.stop] : (asked.stop ?? []);
  return {
    model: asked.model,
    messages: toMessages(asked.messages),
    stream: asked.stream ?? false,
    includeUsage: asked.stream_options?.include_usage ?? false,
    choices: asked.n ?? 1,
    stops: stops.filter((stop) => stop !== ""),
    seed: asked.seed ?? null,
    temperature: asked.temperature ?? 1,
    topP: asked.top_p ?? 1,
    maximumTokens: asked.max_completion_tokens ?? asked.max_tokens ?? DEFAULT_MAXIMUM_TOKENS,
    alternatives: asked.logprobs === true ? (asked.top_logprobs ?? 0) : null,
    shape: toShape(asked.response_format ?? null),
  };
}

export function readScoreRequest(body: unknown): ScoreRequest {
  const asked = parse(scoreSchema, body);
  return { model: asked.model, messages: toMessages(asked.messages), continuation: asked.continuation };
}

function parse<Schema extends z.ZodType>(schema: Schema, body: unknown): z.infer<Schema> {
  const result = schema.safeParse(body);
  if (result.success) return result.data;
  const issue = result.error.issues[0];
  const param = issue === undefined || issue.path.length === 0 ? null : pathOf(issue.path);
  const reason = issue?.message ?? "is invalid";
  throw new RequestProblem(400, `${param ?? "The body"}: ${reason}`, "invalid_value", param);
}

/** `messages[0].content`, as OpenAI names a parameter. */
function pathOf(path: readonly PropertyKey[]): string {
  return path.reduce<string>((text, step) => {
    if (typeof step === "number") return `${text}[${step}]`;
    return text === "" ? String(step) : `${text}.${String(step)}`;
  }, "");
}

function toMessages(messages: z.infer<typeof messagesSchema>): readonly ChatMessage[] {
  return messages.map(({ role, content }) => ({
    // OpenAI renamed `system` to `developer` for newer models; templates know the old name.
    role: role === "developer" ? "system" : role,
    content: typeof content === "string" ? content : (content ?? []).map(textOfPart).join(""),
  }));
}

function textOfPart(part: z.infer<typeof partSchema>): string {
  return part.type === "text" ? part.text : part.refusal;
}

function toShape(format: z.infer<typeof responseFormatSchema> | null): AnswerShape {
  if (format?.type === "json_object") return { type: "json" };
  if (format?.type === "json_schema") return { type: "json_schema", schema: format.json_schema.schema };
  return { type: "text" };
}
