// Feedback on the wire. Law: strict; exactly one answer is named, and what a public key is told of it is no text.
import { z } from "zod";
import { chatMessageSchema, completionMessageSchema } from "./chat-completion.ts";
import { verdictWireSchema } from "./mistake.ts";

const LABELS = ["mistake", "good", "over_refusal"] as const;
const OUTCOMES = ["mistake_made", "voice_added", "example_kept", "held_for_review"] as const;
const OUTCOME_DESCRIPTION =
  "mistake_made: it is a mistake since. voice_added: it was one already. example_kept: a good example since. held_for_review: it contradicts guardrails or other voices.";

/** A longer one is none: cut off it would teach to stop in the middle. */
const MOST_CORRECTION_CHARACTERS = 32_000;
export const correctionSchema = z.string().trim().min(1).max(MOST_CORRECTION_CHARACTERS);
export const answerSchema = z.union([z.string().min(1), completionMessageSchema]);

export const feedbackRequestSchema = z
  .strictObject({
    label: z.enum(LABELS),
    completion_id: z.string().min(1).max(200).optional(),
    choice: z.int().min(0).max(127).default(0).meta({ description: "Which of the completion's choices." }),
    mistake_id: z.string().min(1).max(64).optional(),
    messages: z.array(chatMessageSchema).min(1).max(1_000).optional(),
    answer: answerSchema.optional(),
    model: z.string().min(1).max(200).optional(),
    category: z.string().max(80).optional().meta({ description: "One of ours, or custom:NAME." }),
    comment: z.string().trim().min(1).max(4_000).optional(),
    correction: correctionSchema.optional().meta({ description: "What should have been answered." }),
    user: z
      .string()
      .min(1)
      .max(512)
      .optional()
      .meta({ description: "The end user, as in a chat request: one voice each. Kept as an HMAC." }),
    store: z.boolean().optional().meta({ description: "Of the exchange in this request: as in a chat request." }),
  })
  .refine(
    ({ completion_id: completion, mistake_id: mistake, messages, answer }) => {
      const named = [completion, mistake, messages ?? answer].filter((each) => each !== undefined).length;
      return named === 1 && (messages === undefined) === (answer === undefined);
    },
    { message: 'name one answer: by "completion_id", by "mistake_id", or by "messages" and "answer"' },
  )
  .refine(({ label, correction }) => label !== "good" || correction === undefined, {
    message: "a good answer needs none",
    path: ["correction"],
  })
  .meta({ id: "FeedbackRequest" });

export const feedbackReplySchema = z
  .object({
    id: z.string(),
    object: z.literal("feedback"),
    label: z.enum(LABELS),
    outcome: z.enum(OUTCOMES).meta({ description: OUTCOME_DESCRIPTION }),
    mistake_id: z.string().nullable(),
    correction: z
      .enum(["kept", "flagged"])
      .nullable()
      .meta({ description: "flagged: the guardrails object to it, so that nothing will ever be taught by it." }),
    created_at: z.int(),
  })
  .meta({ id: "FeedbackReply" });

export const feedbackWireSchema = z
  .object({
    id: z.string(),
    object: z.literal("feedback"),
    label: z.enum(LABELS),
    outcome: z.enum(OUTCOMES).nullable().meta({ description: OUTCOME_DESCRIPTION }),
    mistake_id: z.string().nullable(),
    exchange_id: z.string().nullable(),
    completion_id: z.string().nullable(),
    category: z.string().nullable(),
    comment: z.string().nullable(),
    correction: z.object({ text: z.string(), flagged: z.boolean(), verdicts: z.array(verdictWireSchema) }).nullable(),
    voice: z.string().meta({ description: "The end user's HMAC, or key: and the key's id." }),
    key_id: z.string(),
    request_id: z.string(),
    replaced_by: z.string().nullable().meta({ description: "The later one of the same voice, with another label." }),
    created_at: z.int(),
  })
  .meta({ id: "Feedback", description: "What one voice says of one answer, redacted." });

export type FeedbackRequest = z.output<typeof feedbackRequestSchema>;
export type FeedbackReply = z.infer<typeof feedbackReplySchema>;
export type FeedbackWire = z.infer<typeof feedbackWireSchema>;
