// OpenAI's moderations on the wire (platform.openai.com/docs/api-reference/moderations).
import { z } from "zod";

/** OpenAI's thirteen categories; ours map onto them where they can, and stand beside them under their own ids. */
export const MODERATION_CATEGORIES = [
  "harassment",
  "harassment/threatening",
  "hate",
  "hate/threatening",
  "illicit",
  "illicit/violent",
  "self-harm",
  "self-harm/intent",
  "self-harm/instructions",
  "sexual",
  "sexual/minors",
  "violence",
  "violence/graphic",
] as const;

export type ModerationCategory = (typeof MODERATION_CATEGORIES)[number];

export const moderationRequestSchema = z
  .looseObject({
    model: z.string().optional(),
    input: z.union([
      z.string().min(1),
      z.array(z.string().min(1)).min(1).max(100),
      z
        .array(z.looseObject({ type: z.literal("text"), text: z.string().min(1) }))
        .min(1)
        .max(100),
    ]),
  })
  .meta({ id: "ModerationRequest" });

export const moderationWireSchema = z
  .object({
    id: z.string(),
    model: z.string(),
    results: z.array(
      z.object({
        flagged: z.boolean(),
        categories: z.record(z.string(), z.boolean()),
        category_scores: z.record(z.string(), z.number()),
      }),
    ),
  })
  .meta({ id: "Moderation" });

export type ModerationRequest = z.infer<typeof moderationRequestSchema>;
export type ModerationWire = z.infer<typeof moderationWireSchema>;
