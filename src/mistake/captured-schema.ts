// Reads back what was captured, from a queue message or a spooled object. Law: what doesn't fit is poisoned, never guessed at.
import { z } from "zod";
import { ACTIONS, STREAM_MODES } from "../policy/policy.ts";
import { isCategory } from "../policy/category.ts";
import { chatMessageSchema, completionMessageSchema } from "../wire/chat-completion.ts";
import { findingWireSchema, verdictWireSchema } from "../wire/mistake.ts";
import { KEPT_STATES } from "./kept-exchange.ts";
import { ATTACK_ACTIONS, MISTAKE_KINDS, MISTAKE_SOURCES, MISTAKE_STATES, QUARANTINES } from "./mistake.ts";
import type { Captured } from "./mistake-store.ts";

const categorySchema = z.string().refine(isCategory);

/** As on the wire, but for one name; here its categories must be ours. What was queued before a field existed has none. */
const verdictSchema = verdictWireSchema.omit({ latency_ms: true }).extend({
  latencyMilliseconds: z.number().nullable().default(null),
  rationale: z.string().nullable().default(null),
  findings: z.array(findingWireSchema.extend({ category: categorySchema })),
});

const common = {
  id: z.string().min(1),
  projectId: z.string().min(1),
  categories: z.array(categorySchema),
  verdicts: z.array(verdictSchema),
  createdAt: z.int().min(0),
};

const provenanceSchema = z.object({
  model: z.string(),
  guidanceVersion: z.string().nullable(),
  policyVersion: z.string(),
  classifierVersion: z.string().nullable(),
  keyId: z.string().nullable(),
  // What was queued before this field existed tells of nobody.
  endUser: z.string().nullable().default(null),
  requestId: z.string(),
  completionId: z.string(),
  streamMode: z.enum(STREAM_MODES).nullable().default(null),
  technique: z.string().nullish(),
});

export const storedMessagesSchema = z.array(chatMessageSchema);

export const storedExchangeSchema = z.object({ messages: storedMessagesSchema, answer: completionMessageSchema });

function kept<Schema extends z.ZodType>(
  schema: Schema,
): z.ZodUnion<
  [z.ZodObject<{ inline: Schema }, z.core.$strict>, z.ZodObject<{ objectKey: z.ZodString }, z.core.$strict>]
> {
  return z.union([z.strictObject({ inline: schema }), z.strictObject({ objectKey: z.string().min(1) })]);
}

export const capturedSchema: z.ZodType<Captured> = z.discriminatedUnion("type", [
  z.object({
    type: z.literal("mistake"),
    mistake: z.object({
      ...common,
      kind: z.enum(MISTAKE_KINDS),
      source: z.enum(MISTAKE_SOURCES),
      state: z.enum(MISTAKE_STATES),
      action: z.enum(ACTIONS),
      // What was queued before this field existed was withheld whole, or sent whole by a guardrail that only annotates.
      releasedCharacters: z.int().min(0).default(0),
      correction: z.string().nullable().default(null),
      provenance: provenanceSchema,
      // What stores it finds its cluster; its quarantine may be known when it is captured.
      clusterId: z.string().nullable().default(null),
      quarantine: z.enum(QUARANTINES).nullable().default(null),
    }),
    exchange: kept(storedExchangeSchema),
  }),
  z.object({
    type: z.literal("attack"),
    attack: z.object({
      ...common,
      policyVersion: z.string(),
      keyId: z.string(),
      endUser: z.string().nullable().default(null),
      requestId: z.string(),
      upstreamStarted: z.boolean().default(false),
      // What was queued before this field existed was blocked.
      action: z.enum(ATTACK_ACTIONS).default("block"),
      overruledBy: z.string().nullable().default(null),
    }),
    messages: kept(storedMessagesSchema),
  }),
  z.object({
    type: z.literal("exchange"),
    kept: z.object({
      id: common.id,
      projectId: common.projectId,
      choice: z.int().min(0),
      state: z.enum(KEPT_STATES),
      verdicts: common.verdicts,
      action: z.enum(ACTIONS),
      provenance: provenanceSchema,
      createdAt: common.createdAt,
      expiresAt: z.int().min(0).nullable(),
    }),
    exchange: kept(storedExchangeSchema),
  }),
]);
