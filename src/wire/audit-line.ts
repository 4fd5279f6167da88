// One line of a log that is audited: our own shape, or a request with its response as OpenAI's APIs and logs have them.
// Law: loose; a log says more than we read, and nothing of it is stored.
import { z } from "zod";
import { isRecord } from "../lib/record.ts";
import {
  answerMessage,
  chatMessageSchema,
  type ChatMessage,
  type CompletionMessage,
  completionMessageSchema,
} from "./chat-completion.ts";
import { verdictWireSchema } from "./mistake.ts";

const messagesSchema = z.array(chatMessageSchema).min(1).max(1_000);
const answerSchema = z.union([z.string(), completionMessageSchema]);
const nameSchema = z.string().max(200).optional();

const ownSchema = z.looseObject({ id: nameSchema, messages: messagesSchema, answer: answerSchema.nullish() });
const responseSchema = z.looseObject({
  choices: z.array(z.looseObject({ message: completionMessageSchema })).min(1),
});
const pairSchema = z.looseObject({
  id: nameSchema,
  /** of OpenAI's batches (platform.openai.com/docs/guides/batch) */
  custom_id: nameSchema,
  request: z.looseObject({ messages: messagesSchema }),
  response: responseSchema.nullish(),
});

export interface AuditedLine {
  readonly id: string | null;
  /** one for each choice; null where only the input is there to be checked */
  readonly answers: readonly (CompletionMessage | null)[];
  readonly messages: readonly ChatMessage[];
}

/** Batches put a body around both. */
function withoutBody(value: unknown): unknown {
  return isRecord(value) && isRecord(value["body"]) ? value["body"] : value;
}

/** A conversation that ends with the model's turn has its answer there. */
function splitAnswer(messages: readonly ChatMessage[]): Pick<AuditedLine, "messages" | "answers"> {
  const last = messages.at(-1);
  if (messages.length < 2 || last?.role !== "assistant") return { messages, answers: [null] };
  const answer = completionMessageSchema.safeParse(last);
  return answer.success ? { messages: messages.slice(0, -1), answers: [answer.data] } : { messages, answers: [null] };
}

export function readAuditLine(value: unknown): z.ZodSafeParseResult<AuditedLine> {
  const isPair = isRecord(value) && "request" in value;
  const whole = isPair
    ? { ...value, request: withoutBody(value["request"]), response: withoutBody(value["response"]) }
    : value;
  return isPair ? pairLine.safeParse(whole) : ownLine.safeParse(whole);
}

const pairLine = pairSchema.transform(({ id, custom_id: customId, request, response }): AuditedLine => ({
  id: id ?? customId ?? null,
  messages: request.messages,
  answers: response?.choices.map(({ message }) => message) ?? [null],
}));

const ownLine = ownSchema.transform(({ id, messages, answer }): AuditedLine => {
  if (answer === undefined || answer === null) return { id: id ?? null, ...splitAnswer(messages) };
  return { id: id ?? null, messages, answers: [answerMessage(answer)] };
});

export const auditRequestSchema = z
  .strictObject({ exchanges: z.array(z.unknown()).min(1).max(1_000) })
  .meta({ id: "AuditRequest", description: "Each as a line of a log would be." });

const counts = z.record(z.string(), z.int());

/** Each line of the reply. */
export const auditEntrySchema = z
  .discriminatedUnion("object", [
    z.object({
      object: z.literal("audited_exchange"),
      line: z.int(),
      id: z.string().nullable(),
      choice: z.int(),
      flagged: z.boolean(),
      input: z.string().meta({ description: "What the policy does with the input: an action, or unavailable." }),
      output: z.string().nullable(),
      verdicts: z.array(verdictWireSchema).meta({ description: "Those that flag, failed or were skipped." }),
    }),
    z.object({ object: z.literal("audit_fault"), line: z.int(), path: z.string().nullable(), message: z.string() }),
    z.object({
      object: z.literal("audit_summary"),
      policy_version: z.string(),
      lines: z.int(),
      exchanges: z.int(),
      flagged: z.int(),
      refused: z.int(),
      categories: counts.meta({ description: "Exchanges by what they are flagged for." }),
      input_actions: counts,
      output_actions: counts,
      stopped: z.string().nullable().meta({ description: "Why it ended early; null where it did not." }),
    }),
  ])
  .meta({ id: "AuditReplyLine" });

export type AuditEntry = z.infer<typeof auditEntrySchema>;
