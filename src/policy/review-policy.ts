// The policy's key `review`: which mistakes enter the review queue by themselves, which need two people, and which none.
// Law: strict; of a project and not of a request or a key. Nothing is waived unless its source is named.
import { z } from "zod";
import { isCategory } from "./category.ts";
import { MISTAKE_KINDS, MISTAKE_SOURCES, QUARANTINES } from "./mistake-names.ts";

const categoriesSchema = z.array(z.string().refine(isCategory, { message: "is no category" })).max(100);
const sourcesSchema = z.array(z.enum(MISTAKE_SOURCES)).max(MISTAKE_SOURCES.length);

/** Everything that a rule names must hold; a rule that names nothing holds for every mistake. */
const queueRuleSchema = z.strictObject({
  /** why a mistake is in the queue */
  reason: z.string().regex(/^[a-z0-9_-]{1,64}$/),
  /** 1 is looked at first */
  priority: z.int().min(1).max(9),
  kinds: z.array(z.enum(MISTAKE_KINDS)).max(MISTAKE_KINDS.length).optional(),
  categories: categoriesSchema.optional(),
  sources: sourcesSchema.optional(),
  actions: z
    .array(z.enum(["allow", "annotate", "redact", "repair", "block"]))
    .max(5)
    .optional(),
  /** UTF-16 units of the answer that the client got, at least */
  released_characters_from: z.int().min(1).optional(),
  /** it, and as many near duplicates before it */
  cluster_size_from: z.int().min(2).optional(),
  /** only what is in quarantine, for whatever reason (true) or one of these */
  quarantined: z.union([z.literal(true), z.array(z.enum(QUARANTINES)).min(1).max(QUARANTINES.length)]).optional(),
});

export const reviewPolicySchema = z.strictObject({
  /** the first rule that holds says why a mistake is in the queue, and how urgent it is; none: it is not */
  enqueue: z.array(queueRuleSchema).max(20),
  /** a mistake of any of these categories or sources needs two voices that agree */
  second: z.strictObject({
    categories: categoriesSchema,
    sources: sourcesSchema,
    /** what makes two voices: two keys, or under one key two names, which nobody checks */
    voices: z.enum(["keys", "reviewers"]),
  }),
  /** mistakes from these sources are confirmed by rule once analysed, unless in quarantine or in need of two voices */
  waive: sourcesSchema,
});

export type ReviewPolicy = z.infer<typeof reviewPolicySchema>;

/** Every mistake enters: first what contradicts the guardrails, then what people reported and what reached somebody; a flood is last. */
export const DEFAULT_REVIEW_POLICY: ReviewPolicy = {
  enqueue: [
    { reason: "contradiction", priority: 1, quarantined: ["contradiction"] },
    { reason: "untrusted_source", priority: 6, quarantined: ["source"] },
    // However many there are, nobody has to get through them before the others.
    { reason: "flood", priority: 9, quarantined: ["burst", "cap"] },
    { reason: "reported", priority: 2, sources: ["feedback"] },
    { reason: "reached_somebody", priority: 3, released_characters_from: 1 },
    { reason: "flagged", priority: 5 },
  ],
  second: { categories: [], sources: [], voices: "keys" },
  waive: [],
};
