// Reviews, the queue of mistakes that wait for one, and what reviews say of thresholds, as replies.
// Law: snake_case, times in seconds since the Unix epoch.
import { z } from "zod";
import { mistakeWireSchema } from "./mistake.ts";

const standingShape = {
  state: z.string(),
  confirmations: z.int().min(0),
  dismissals: z.int().min(0),
  required: z.int().min(1).meta({ description: "How many voices have to agree." }),
};

const standingWireSchema = z.object(standingShape).meta({ id: "Standing", description: "How many voices say what." });

const reviewShape = {
  id: z.string(),
  object: z.literal("review"),
  mistake_id: z.string(),
  decision: z.enum(["confirm", "dismiss", "relabel", "correct"]),
  comment: z.string().nullable(),
  by: z.enum(["person", "policy"]),
  key_id: z.string(),
  reviewer: z.string().nullable(),
  kind: z.string().nullable().meta({ description: "What it changed; null: left as it was." }),
  categories: z.array(z.string()).nullable(),
  correction: z.string().nullable(),
  standing: z.boolean().meta({ description: "Whether it still counts." }),
  bulk_id: z.string().nullable(),
  created_at: z.int(),
};

export const reviewWireSchema = z.object(reviewShape).meta({ id: "Review" });

export const reviewedWireSchema = z
  .object({ ...reviewShape, mistake: standingWireSchema })
  .meta({ id: "Reviewed", description: "The review, and where the mistake stands now." });

export const reviewsWireSchema = z
  .object({ object: z.literal("list"), data: z.array(reviewWireSchema), mistake: standingWireSchema })
  .meta({ id: "Reviews", description: "All reviews of a mistake, oldest first, and where it stands." });

export const reopenedWireSchema = z
  .object({ object: z.literal("mistake_reopened"), mistake_id: z.string(), ...standingShape })
  .meta({ id: "Reopened" });

const queuedShape = {
  mistake_id: z.string(),
  priority: z.int().meta({ description: "1 is looked at first." }),
  reason: z.string().meta({ description: "Why it is in the queue." }),
  enqueued_at: z.int(),
};

export const leaseWireSchema = z
  .object({
    id: z.string(),
    object: z.literal("lease"),
    reviewer: z.string().nullable(),
    expires_at: z.int(),
    data: z.array(z.object({ ...queuedShape, ...standingShape, mistake: mistakeWireSchema })),
  })
  .meta({ id: "Lease", description: "Mistakes that nobody else is given until the lease ends." });

export const renewedWireSchema = z
  .object({ id: z.string(), object: z.literal("lease"), held: z.int(), expires_at: z.int() })
  .meta({ id: "LeaseRenewed" });

export const freedWireSchema = z
  .object({ object: z.literal("lease_freed"), freed: z.int() })
  .meta({ id: "LeaseFreed", description: "How many mistakes others can claim now." });

export const queuedWireSchema = z
  .object({
    id: z.string().meta({ description: "The cursor of the page after this one." }),
    object: z.literal("queued_mistake"),
    ...queuedShape,
    lease: z
      .object({ key_id: z.string(), reviewer: z.string().nullable(), expires_at: z.int() })
      .nullable()
      .meta({ description: "Who holds it; null: nobody." }),
  })
  .meta({ id: "QueuedMistake" });

export const bulkWireSchema = z
  .object({
    id: z.string().nullable(),
    object: z.literal("bulk_review"),
    dry_run: z.boolean(),
    selected: z.int(),
    decided: z.int(),
    remaining: z.int().meta({ description: "Ask again with this as `expected_count` until it is 0." }),
    until: z.string(),
  })
  .meta({ id: "BulkReview" });

const shareSchema = z.number().min(0).max(1).nullable();

export const suggestionWireSchema = z
  .object({
    object: z.literal("threshold_suggestion"),
    guardrail: z.string(),
    side: z.enum(["input", "output"]),
    category: z.string(),
    reviewed: z.int(),
    confirmed: z.int(),
    current_threshold: z.number(),
    precision: shareSchema.meta({ description: "The share of its flags that were confirmed." }),
    suggested_threshold: z
      .number()
      .nullable()
      .meta({ description: "null: too few reviews, or none reaches the target." }),
    suggested_precision: shareSchema,
    kept: shareSchema.meta({ description: "The share of what was confirmed that would still be flagged." }),
  })
  .meta({ id: "ThresholdSuggestion" });

export const suggestionsWireSchema = z
  .object({
    object: z.literal("list"),
    target_precision: z.number(),
    reviewed: z.int().meta({ description: "Mistakes that were read: of each state the newest 2,000." }),
    data: z.array(suggestionWireSchema),
  })
  .meta({ id: "ThresholdSuggestions" });

export type ReviewWire = z.infer<typeof reviewWireSchema>;
export type StandingWire = z.infer<typeof standingWireSchema>;
export type QueuedWire = z.infer<typeof queuedWireSchema>;
