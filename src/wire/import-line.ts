// One line of an import: an exchange that somebody has called a mistake already. Law: strict; a line with a key that we do not know
// is refused, since it may say something that matters.
import { z } from "zod";
import { chatMessageSchema } from "./chat-completion.ts";
import { answerSchema, correctionSchema } from "./feedback.ts";

const KINDS = ["harmful", "offensive", "incorrect", "hijacked", "leaked", "over_refusal", "other"] as const;
const categorySchema = z.string().max(80);

export const importLineSchema = z.strictObject({
  id: z.string().min(1).max(200).optional(),
  messages: z.array(chatMessageSchema).min(1).max(1_000),
  answer: answerSchema,
  category: categorySchema.optional(),
  categories: z.array(categorySchema).min(1).max(20).optional(),
  kind: z.enum(KINDS).optional(),
  comment: z.string().trim().min(1).max(4_000).optional(),
  correction: correctionSchema.optional(),
  model: z.string().min(1).max(200).optional(),
  /** seconds since the Unix epoch */
  created_at: z.int().min(0).max(99_999_999_999).optional(),
});

export const importReportSchema = z
  .object({
    object: z.literal("import"),
    dry_run: z.boolean(),
    lines: z.int().meta({ description: "That are not blank." }),
    accepted: z.int(),
    duplicates: z.int().meta({ description: "Imported before, by their id or by their content." }),
    flagged_corrections: z.int().meta({ description: "Kept with their verdicts, and never a target." }),
    refused_count: z.int(),
    refused: z
      .array(z.object({ line: z.int(), path: z.string().nullable(), message: z.string() }))
      .meta({ description: "The first 1,000 of them." }),
  })
  .meta({ id: "ImportReport" });

export type ImportLine = z.output<typeof importLineSchema>;
export type ImportReportWire = z.infer<typeof importReportSchema>;
