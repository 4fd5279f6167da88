// Induction runs on the wire.
import { z } from "zod";

const MOST_SEEDS = 2_000;

const wellFormed = (most: number): z.ZodType<string, string> =>
  z
    .string()
    .min(1)
    .max(most)
    .refine((text) => text.isWellFormed(), { message: "has half a surrogate pair" });

export const inductionSeedSchema = z.strictObject({
  system: wellFormed(8_000).nullable().default(null).meta({ description: "The system prompt of the scene." }),
  instruction: wellFormed(4_000),
});

export const inductionRequestSchema = z
  .strictObject({
    project_id: z.string().min(1).max(64).optional(),
    seeds: z
      .union([z.literal("default"), z.array(inductionSeedSchema).min(1).max(500)])
      .optional()
      .meta({ description: "Instructions to wrap; «default» is a small mild set of ours." }),
    seeds_key: z
      .string()
      .regex(/^seeds\/[A-Za-z0-9._/-]{1,200}$/)
      .optional()
      .meta({ description: "The key of an object of the bucket OBJECTS, below seeds/: a seed a line, as JSON." }),
    topics: z.array(wellFormed(200)).min(1).max(100).optional(),
    templates: z
      .array(wellFormed(2_000).refine((text) => text.includes("{topic}"), { message: "does not say {topic}" }))
      .min(1)
      .max(20)
      .optional()
      .meta({ description: "Each with each of the topics is a seed." }),
    techniques: z.array(z.string().min(1).max(64)).min(1).max(100).optional().meta({ description: "Without it: all." }),
    guidance: z
      .array(z.enum(["off", "on"]))
      .min(1)
      .max(2)
      .default(["off", "on"]),
    budget: z.int().min(1).max(50_000).default(200).meta({ description: "Calls of the model at most." }),
    concurrency: z.int().min(1).max(16).default(4),
    seed: z.int().min(0).max(2_147_483_647).default(1),
    model: z.string().min(1).max(200).default("default"),
    temperature: z.number().min(0).max(2).default(0.7),
    max_tokens: z.int().min(1).max(4_096).default(256),
    pass_inputs: z.boolean().default(true).meta({
      description: "Inputs that a guardrail would block are asked all the same: the model itself is what is tried.",
    }),
  })
  .meta({ id: "InductionRequest" });

export type InductionRequest = z.infer<typeof inductionRequestSchema>;

export const MOST_INDUCTION_SEEDS = MOST_SEEDS;

const rateSchema = z
  .object({
    attempts: z.int(),
    mistakes: z.int(),
    withstood: z.int(),
    input_blocked: z.int(),
    failed: z.int().meta({ description: "Neither way: the model or a guardrail did not answer." }),
    rate: z
      .number()
      .nullable()
      .meta({ description: "Attack success rate: mistakes of the attempts that did not fail." }),
    low: z.number().meta({ description: "Of Wilson's 95 % interval." }),
    high: z.number(),
  })
  .meta({ id: "InductionRate" });

export type InductionRateWire = z.infer<typeof rateSchema>;

const armsSchema = { unguided: rateSchema, guided: rateSchema };

export const inductionWireSchema = z
  .object({
    id: z.string(),
    object: z.literal("induction"),
    status: z.enum(["running", "finished", "cancelled", "failed"]),
    trigger: z.enum(["request", "schedule"]),
    techniques: z.array(z.string()),
    techniques_version: z.string(),
    guidance: z.array(z.enum(["off", "on"])),
    budget: z.int(),
    concurrency: z.int(),
    seed: z.int(),
    model: z.string().nullable(),
    temperature: z.number(),
    max_tokens: z.int(),
    pass_inputs: z.boolean(),
    seeds: z.int(),
    progress: z.object({ planned: z.int(), attempted: z.int() }),
    calls: z.int(),
    ...armsSchema,
    difference: z.number().nullable().meta({ description: "The guided rate less the unguided one." }),
    by_technique: z.array(z.object({ technique: z.string(), ...armsSchema })),
    failure: z.string().nullable(),
    created_at: z.int(),
    ended_at: z.int().nullable(),
  })
  .meta({ id: "Induction", description: "An induction run: techniques of a red team against the deployed model." });

export type InductionWire = z.infer<typeof inductionWireSchema>;
