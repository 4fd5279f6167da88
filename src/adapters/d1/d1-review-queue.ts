// The review queue on D1. Law: each step is one statement, so that of two at once the second sees what the first did.
import { and, eq, gt, sql, type InferSelectModel, type SQL } from "drizzle-orm";
import type { AuditEntry } from "../../access/audit.ts";
import { mistakes } from "../../db/mistake-tables.ts";
import { audit } from "../../db/project-tables.ts";
import { reviewQueue } from "../../db/review-tables.ts";
import type { Claim, Lease, Queued, QueueEntry, QueuePageRequest, ReviewQueue } from "../../mistake/review-queue.ts";
import type { Database } from "./database.ts";
import { insertRows } from "./insert-rows.ts";
import { hasDecided, matches, UNDECIDED } from "./review-conditions.ts";

type QueueRow = InferSelectModel<typeof reviewQueue>;

export const FREE = { leaseId: null, leaseKeyId: null, leaseReviewer: null, leaseExpiresAt: 0 };

function rowToQueued({ leaseId, leaseKeyId, leaseReviewer, leaseExpiresAt, ...entry }: QueueRow): Queued {
  if (leaseId === null || leaseKeyId === null) return { ...entry, lease: null };
  return {
    ...entry,
    lease: { id: leaseId, holder: { keyId: leaseKeyId, reviewer: leaseReviewer }, expiresAt: leaseExpiresAt },
  };
}

function mostUrgentFirst(left: QueueEntry, right: QueueEntry): number {
  return left.priority - right.priority || (left.mistakeId < right.mistakeId ? -1 : 1);
}

export class D1ReviewQueue implements ReviewQueue {
  readonly #database: Database;

  constructor(database: Database) {
    this.#database = database;
  }

  async claim({ projectId, lease, limit, filter, voices, now }: Claim): Promise<readonly Queued[]> {
    const { keyId, reviewer } = lease.holder;
    const reason = filter.reason === undefined ? sql`true` : sql`q.reason = ${filter.reason}`;
    // CROSS JOIN keeps the queue as the outer loop, in the order of its index (sqlite.org/optoverview.html, 8.2).
    const free = sql`SELECT q.mistake_id FROM ${reviewQueue} AS q CROSS JOIN ${mistakes} AS m ON m.id = q.mistake_id
      WHERE q.project_id = ${projectId} AND q.lease_expires_at <= ${now} AND ${UNDECIDED} AND ${reason}
        AND ${matches(filter)} AND NOT ${hasDecided(lease.holder, voices, ["confirm", "dismiss"])}
      ORDER BY q.priority, q.mistake_id LIMIT ${limit}`;
    const claimed = await this.#database
      .update(reviewQueue)
      .set({ leaseId: lease.id, leaseKeyId: keyId, leaseReviewer: reviewer, leaseExpiresAt: lease.expiresAt })
      .where(sql`${reviewQueue.mistakeId} IN (${free})`)
      .returning();
    return claimed.map(rowToQueued).toSorted(mostUrgentFirst);
  }

  async renew(projectId: string, lease: Pick<Lease, "id" | "expiresAt"> & { readonly keyId: string }): Promise<number> {
    const renewed = await this.#database
      .update(reviewQueue)
      .set({ leaseExpiresAt: lease.expiresAt })
      .where(this.#ofLease(projectId, lease.id, lease.keyId))
      .returning({ id: reviewQueue.mistakeId });
    return renewed.length;
  }

  async giveBack(projectId: string, leaseId: string, keyId: string, mistakeId: string | null): Promise<number> {
    const freed = await this.#database
      .update(reviewQueue)
      .set(FREE)
      .where(
        and(
          this.#ofLease(projectId, leaseId, keyId),
          mistakeId === null ? undefined : eq(reviewQueue.mistakeId, mistakeId),
        ),
      )
      .returning({ id: reviewQueue.mistakeId });
    return freed.length;
  }

  async override(projectId: string, mistakeId: string, now: number, entry: AuditEntry): Promise<boolean> {
    const held = and(
      eq(reviewQueue.projectId, projectId),
      eq(reviewQueue.mistakeId, mistakeId),
      gt(reviewQueue.leaseExpiresAt, now),
    );
    const isHeld = sql`EXISTS (SELECT 1 FROM ${reviewQueue} WHERE ${held})`;
    const [entered] = insertRows(this.#database, audit, [entry], isHeld);
    if (entered === undefined) throw new Error("there was no entry to insert");
    // The entry first: it is written only while the lease is still held.
    const [, freed] = await this.#database.batch([
      entered,
      this.#database.update(reviewQueue).set(FREE).where(held).returning({ id: reviewQueue.mistakeId }),
    ]);
    return freed.length > 0;
  }

  async listQueue({ projectId, limit, after }: QueuePageRequest): Promise<readonly Queued[]> {
    const beyond = after === null ? sql`true` : sql`(priority, mistake_id) > (${after.priority}, ${after.mistakeId})`;
    const undecided = sql`EXISTS (SELECT 1 FROM ${mistakes} AS m WHERE m.id = ${reviewQueue.mistakeId} AND ${UNDECIDED})`;
    const rows = await this.#database
      .select()
      .from(reviewQueue)
      .where(and(eq(reviewQueue.projectId, projectId), beyond, undecided))
      .orderBy(reviewQueue.priority, reviewQueue.mistakeId)
      .limit(limit + 1);
    return rows.map(rowToQueued);
  }

  #ofLease(projectId: string, leaseId: string, keyId: string): SQL | undefined {
    return and(
      eq(reviewQueue.leaseId, leaseId),
      eq(reviewQueue.projectId, projectId),
      eq(reviewQueue.leaseKeyId, keyId),
    );
  }
}
