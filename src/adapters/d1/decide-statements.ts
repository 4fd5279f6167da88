// The statements of one decision, in their order: the reviews that may be made, which earlier ones count no longer, what becomes of
// the mistakes and of their places in the queue. Law: one transaction; whatever follows asks which reviews the first one made.
import { sql, type SQL } from "drizzle-orm";
import type { BatchItem } from "drizzle-orm/batch";
import { mistakes, reviews } from "../../db/mistake-tables.ts";
import { audit } from "../../db/project-tables.ts";
import { reviewQueue } from "../../db/review-tables.ts";
import type { Decision } from "../../mistake/review-store.ts";
import { among } from "./among.ts";
import type { Database } from "./database.ts";
import { FREE } from "./d1-review-queue.ts";
import { givenField } from "./given-field.ts";
import { insertRows } from "./insert-rows.ts";
import { countVoices, OUT_OF_QUARANTINE, UNDECIDED, UNDECIDED_STATE } from "./review-conditions.ts";

/** What people disagree on goes first, then what waits for its second voice. */
const DISAGREED = { reason: "disagreement", priority: 1 };
const SECOND = { reason: "second_reviewer", priority: 2 };

/** Of a review that is about to be inserted, as `value`. */
function mayBeReviewed(projectId: string, { leaseId, unattended, quarantined, now }: Decision): SQL {
  const id = givenField("mistakeId");
  const isHolder = sql`q.lease_key_id = ${givenField("keyId")} AND q.lease_reviewer IS ${givenField("reviewer")}`;
  const held = unattended ? sql`true` : sql`NOT (${isHolder})`;
  const ofLease = sql`EXISTS (
    SELECT 1 FROM ${reviewQueue} AS q WHERE q.mistake_id = ${id} AND q.lease_id = ${leaseId} AND ${isHolder}
  )`;
  return sql`EXISTS (
      SELECT 1 FROM ${mistakes} AS m WHERE m.id = ${id} AND m.project_id = ${projectId} AND m.release_id IS NULL
        AND m.state <> 'released' AND ${unattended ? UNDECIDED : sql`true`}
        AND ${unattended && !quarantined ? OUT_OF_QUARANTINE : sql`true`}
    ) AND NOT EXISTS (
      SELECT 1 FROM ${reviewQueue} AS q WHERE q.mistake_id = ${id} AND q.lease_expires_at > ${now} AND ${held}
    ) AND ${leaseId === null ? sql`true` : ofLease}`;
}

/** The decision's own reviews that were made, as the table `n`. */
function made({ reviews: given }: Decision): SQL {
  const ids = given.map(({ id }) => id);
  return sql`(SELECT * FROM ${reviews} WHERE ${among(reviews.id, ids)}) AS n`;
}

/** A voice has one say; under two voices a new label is a new question. */
function withdrawEarlier(database: Database, projectId: string, decision: Decision): BatchItem<"sqlite"> {
  const sameVoice = sql`n.decision IN ('confirm', 'dismiss') AND reviews.key_id = n.key_id AND reviews.reviewer IS n.reviewer`;
  const relabelled = sql`n.required > 1 AND (n.kind IS NOT NULL OR n.categories IS NOT NULL OR n.correction IS NOT NULL)`;
  return database
    .update(reviews)
    .set({ standing: false })
    .from(made(decision))
    .where(
      sql`reviews.project_id = ${projectId} AND reviews.mistake_id = n.mistake_id AND reviews.id <> n.id
        AND reviews.standing = 1 AND reviews.decision IN ('confirm', 'dismiss') AND ((${sameVoice}) OR (${relabelled}))`,
    );
}

/** The state that enough voices agree on; one that no longer enough of them do is undecided again. */
function settle(database: Database, projectId: string, decision: Decision): BatchItem<"sqlite"> {
  const confirmations = countVoices(projectId, sql`n.mistake_id`, decision.voices, "confirm");
  const dismissals = countVoices(projectId, sql`n.mistake_id`, decision.voices, "dismiss");
  const isConfirmed = sql`n.decision = 'confirm' AND ${confirmations} >= n.required`;
  return database
    .update(mistakes)
    .set({
      kind: sql`coalesce(n.kind, mistakes.kind)`,
      categories: sql`coalesce(n.categories, mistakes.categories)`,
      correction: sql`coalesce(n.correction, mistakes.correction)`,
      state: sql`CASE
        WHEN ${isConfirmed} THEN 'confirmed'
        WHEN n.decision = 'dismiss' AND ${dismissals} >= n.required THEN 'dismissed'
        WHEN n.required > 1 AND mistakes.state = 'confirmed' AND ${confirmations} < n.required THEN ${UNDECIDED_STATE}
        WHEN n.required > 1 AND mistakes.state = 'dismissed' AND ${dismissals} < n.required THEN ${UNDECIDED_STATE}
        ELSE mistakes.state END`,
      // Only people who looked at this one get as far as this with what is in quarantine.
      quarantine: sql`CASE WHEN ${isConfirmed} THEN NULL ELSE mistakes.quarantine END`,
    })
    .from(made(decision))
    .where(sql`mistakes.id = n.mistake_id`);
}

function leaveQueue(database: Database, decision: Decision): BatchItem<"sqlite"> {
  return database.delete(reviewQueue).where(
    sql`${reviewQueue.mistakeId} IN (
      SELECT n.mistake_id FROM ${made(decision)} JOIN ${mistakes} AS m ON m.id = n.mistake_id WHERE NOT (${UNDECIDED})
    )`,
  );
}

/** What still needs a voice waits for it, free for the next reviewer. A new label alone leaves the lease as it is. */
function waitOn(database: Database, projectId: string, decision: Decision): BatchItem<"sqlite"> {
  const id = sql`n.mistake_id`;
  const disagreed = sql`${countVoices(projectId, id, decision.voices, "confirm")} > 0
    AND ${countVoices(projectId, id, decision.voices, "dismiss")} > 0`;
  // In the order of the table's columns.
  const waiting = sql`SELECT n.mistake_id, n.project_id,
      CASE WHEN ${disagreed} THEN ${DISAGREED.priority} ELSE ${SECOND.priority} END,
      CASE WHEN ${disagreed} THEN ${DISAGREED.reason} ELSE ${SECOND.reason} END,
      n.created_at, NULL, NULL, NULL, 0
    FROM ${made(decision)} JOIN ${mistakes} AS m ON m.id = n.mistake_id
    WHERE ${UNDECIDED} AND (n.decision IN ('confirm', 'dismiss') OR n.required > 1)`;
  const { mistakeId } = reviewQueue;
  return database
    .insert(reviewQueue)
    .select(waiting)
    .onConflictDoUpdate({
      target: mistakeId,
      set: {
        priority: sql`min(priority, excluded.priority)`,
        reason: sql`excluded.reason`,
        ...FREE,
      },
    });
}

/** `[made, …]`: of a decision without reviews there is nothing to do, which the caller knows. */
export function decideStatements(
  database: Database,
  projectId: string,
  decision: Decision,
): readonly BatchItem<"sqlite">[] {
  const wasMade = sql`EXISTS (SELECT 1 FROM ${made(decision)})`;
  return [
    ...insertRows(database, reviews, decision.reviews, mayBeReviewed(projectId, decision)),
    withdrawEarlier(database, projectId, decision),
    settle(database, projectId, decision),
    leaveQueue(database, decision),
    waitOn(database, projectId, decision),
    ...insertRows(database, audit, [decision.entry], wasMade),
  ];
}
