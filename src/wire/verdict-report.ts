// Why something was withheld, on the wire. Law: JSON alone; its texts are cut out of what is stored, and are hostile.
import { z } from "zod";
import { findingWireSchema, verdictWireSchema } from "./mistake.ts";

const excerptSchema = z.object({ before: z.string(), match: z.string(), after: z.string() });

export const verdictReportSchema = z
  .object({
    id: z.string(),
    object: z.literal("verdict_report"),
    subject: z.enum(["mistake", "attack"]),
    action: z.string().meta({ description: "What was done." }),
    policy_version: z.string(),
    policy_as: z.enum(["then", "now"]).meta({
      description: "Whose actions are told: of that version, or, where it is not known any more, of the policy now.",
    }),
    created_at: z.int(),
    verdicts: z.array(
      verdictWireSchema.omit({ findings: true }).extend({
        findings: z.array(findingWireSchema.extend({ action: z.string(), excerpt: excerptSchema.nullable() })),
        ngrams: z
          .array(z.object({ text: z.string(), part: z.enum(["prompt", "answer"]), weight: z.number() }))
          .nullable()
          .meta({ description: "Of the edge classifier: what weighed most, added to the score's logit." }),
        ngrams_missing: z.string().nullable(),
      }),
    ),
    categories: z.array(z.object({ side: z.enum(["input", "output"]), category: z.string(), action: z.string() })),
    nearest_benign: z
      .object({ mistake_id: z.string(), similarity: z.number(), prompt: z.string(), answer: z.string() })
      .nullable()
      .meta({ description: "Of the project's own exchanges that people called harmless." }),
    overruled_by: z.string().nullable(),
  })
  .meta({ id: "VerdictReport" });

export type VerdictReport = z.infer<typeof verdictReportSchema>;
