// Overrules on the wire. Law: strict; an exception has an end, and a reason that somebody wrote.
import { z } from "zod";

const OVERRULE_SCOPES = ["exchange", "phrase", "rule"] as const;

const shared = {
  scope: z.enum(OVERRULE_SCOPES).meta({
    description:
      "exchange: this prompt, for what flagged it. phrase: the flagged words, for their rule. rule: the whole rule.",
  }),
  key_ids: z.array(z.string().min(1).max(64)).min(1).max(100).optional().meta({ description: "Else for every key." }),
  expires_in_days: z.int().min(1).max(365).default(30),
  comment: z.string().trim().min(1).max(4_000),
  dry_run: z.boolean().default(false).meta({ description: "Only tells the reach." }),
};

export const mistakeOverruleSchema = z.strictObject(shared).meta({ id: "MistakeOverrule" });

export const attackOverruleSchema = z
  .strictObject({
    ...shared,
    correction: z
      .string()
      .trim()
      .min(1)
      .max(32_000)
      .optional()
      .meta({ description: "What should have been answered; else the deployed model is asked." }),
    model: z
      .string()
      .min(1)
      .max(200)
      .optional()
      .meta({ description: "The model to ask, where the gateway passes names on." }),
  })
  .meta({ id: "AttackOverrule" });

export const allowanceWireSchema = z.object({
  id: z.string(),
  categories: z.array(z.string()).nullable(),
  guardrail: z.string().nullable(),
  rule: z.string().nullable(),
  phrase: z.string().nullable(),
  prompt_hash: z.string().nullable(),
  roles: z.array(z.string()).nullable(),
  key_ids: z.array(z.string()).nullable(),
  expires_at: z.int().nullable(),
});

export const overruleWireSchema = z
  .object({
    id: z.string(),
    object: z.literal("overrule"),
    subject_id: z.string().meta({ description: "The mistake or attack." }),
    scope: z.enum(OVERRULE_SCOPES),
    allowances: z.array(allowanceWireSchema),
    comment: z.string(),
    active: z.boolean(),
    mistake_id: z.string().nullable().meta({
      description: "The over-refusal that was recorded; null where nothing had been withheld.",
    }),
    key_id: z.string(),
    created_at: z.int(),
    expires_at: z.int(),
    reverted_at: z.int().nullable(),
    reverted_by: z.string().nullable(),
  })
  .meta({ id: "Overrule" });

const reachWireSchema = z
  .object({
    examined: z.int(),
    covered: z.int().meta({ description: "Of these at least one flag would be gone." }),
    cleared: z.int().meta({ description: "Of these none would be left." }),
    ids: z.array(z.string()).meta({ description: "The newest that are covered." }),
  })
  .meta({ id: "Reach", description: "Over the newest stored mistakes and attacks, at most 500 of each." });

export const overruledWireSchema = overruleWireSchema
  .extend({
    dry_run: z.boolean(),
    reach: reachWireSchema,
    correction: z.string().nullable().meta({ description: "Of the over-refusal that was recorded now." }),
  })
  .meta({ id: "Overruled" });

export type OverruleWire = z.infer<typeof overruleWireSchema>;
export type OverruledWire = z.infer<typeof overruledWireSchema>;
