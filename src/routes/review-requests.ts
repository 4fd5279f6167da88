// What reviewers may ask. Law: strict; these know the words of policies, which is why they are no part of the wire's floor.
import { z } from "@hono/zod-openapi";
import { isCategory } from "../policy/category.ts";
import { MISTAKE_KINDS, MISTAKE_SOURCES, QUARANTINES } from "../policy/mistake-names.ts";

const commentSchema = z.string().max(4_000).optional();

/** Stored as it is: an id of the operator's own, never redacted. */
const reviewerSchema = z
  .string()
  .regex(/^[\p{L}\p{N}._@+-]{1,100}$/u, { message: "is 1 to 100 letters, digits, dots, hyphens, @ or +" })
  .optional()
  .meta({ description: "Who of those that share the key. Told, not checked." });

const categorySchema = z.string().refine(isCategory, { message: "is no category" });

export const reviewRequestSchema = z
  .strictObject({
    decision: z.enum(["confirm", "dismiss", "relabel", "correct"]),
    comment: commentSchema,
    reviewer: reviewerSchema,
    kind: z.enum(MISTAKE_KINDS).optional().meta({ description: "What the mistake is, where it was called otherwise." }),
    categories: z.array(categorySchema).min(1).max(20).optional(),
    correction: z.string().min(1).max(32_000).optional().meta({
      description: "What should have been answered. Redacted, and refused where the guardrails flag it.",
    }),
    lease_id: z.string().min(1).max(64).optional().meta({ description: "Decide only while this lease is yours." }),
  })
  .refine(
    ({ decision, kind, categories }) => decision !== "relabel" || kind !== undefined || categories !== undefined,
    {
      message: "a relabelling needs a kind or categories",
      path: ["kind"],
    },
  )
  .refine(({ decision, correction }) => decision !== "correct" || correction !== undefined, {
    message: "needs the corrected answer",
    path: ["correction"],
  })
  .meta({ id: "ReviewRequest" });

export const reopenRequestSchema = z
  .strictObject({ comment: z.string().min(1).max(4_000), reviewer: reviewerSchema })
  .meta({ id: "ReopenRequest" });

const filterShape = {
  source: z.enum(MISTAKE_SOURCES).optional(),
  kind: z.enum(MISTAKE_KINDS).optional(),
  category: categorySchema.optional(),
  cluster_id: z.string().min(1).max(64).optional(),
  key_id: z.string().min(1).max(100).optional(),
  quarantine: z.enum(QUARANTINES).optional(),
};

const leaseMinutesSchema = z.int().min(1).max(240).default(15);

export const claimRequestSchema = z
  .strictObject({
    reviewer: reviewerSchema,
    limit: z.int().min(1).max(50).default(10),
    lease_minutes: leaseMinutesSchema,
    filter: z.strictObject({ ...filterShape, reason: z.string().min(1).max(64).optional() }).default({}),
  })
  .meta({ id: "ClaimRequest" });

export const renewRequestSchema = z.strictObject({ lease_minutes: leaseMinutesSchema }).meta({ id: "RenewRequest" });

export const bulkRequestSchema = z
  .strictObject({
    filter: z.strictObject({ state: z.enum(["captured", "analysed"]).default("analysed"), ...filterShape }),
    decision: z.enum(["confirm", "dismiss"]),
    comment: commentSchema,
    reviewer: reviewerSchema,
    dry_run: z.boolean().default(true),
    expected_count: z.int().min(0).optional().meta({ description: "`remaining` of the call before." }),
    until: z
      .string()
      .regex(/^mis_[0-9a-z]{1,60}$/)
      .optional()
      .meta({ description: "As the dry run told it: newer mistakes are no part of it." }),
  })
  .refine(({ dry_run: isDry, expected_count: count }) => isDry || count !== undefined, {
    message: "needs the count that a dry run told",
    path: ["expected_count"],
  })
  .refine(({ dry_run: isDry, until }) => isDry || until !== undefined, {
    message: "needs what a dry run told",
    path: ["until"],
  })
  .meta({ id: "BulkReviewRequest" });
