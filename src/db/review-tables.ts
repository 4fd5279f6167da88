// The review queue, with the leases on it. Law: one row a mistake; no text of any exchange.
import { sql } from "drizzle-orm";
import { index, integer, sqliteTable, text } from "drizzle-orm/sqlite-core";

export const reviewQueue = sqliteTable(
  "review_queue",
  {
    mistakeId: text("mistake_id").primaryKey(),
    projectId: text("project_id").notNull(),
    priority: integer("priority").notNull(),
    reason: text("reason").notNull(),
    enqueuedAt: integer("enqueued_at").notNull(),
    leaseId: text("lease_id"),
    leaseKeyId: text("lease_key_id"),
    leaseReviewer: text("lease_reviewer"),
    /** milliseconds since the Unix epoch; 0: nobody holds it */
    leaseExpiresAt: integer("lease_expires_at").notNull().default(0),
  },
  (table) => [
    index("review_queue_by_priority").on(table.projectId, table.priority, table.mistakeId),
    index("review_queue_by_lease")
      .on(table.leaseId)
      .where(sql`lease_id IS NOT NULL`),
  ],
);
