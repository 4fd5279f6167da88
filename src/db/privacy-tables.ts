// Tables of privacy: who asked for which erasure, whom it covers, and who read what. Law: no text and no end user's id; what
// names anybody, if only by HMAC, ends with its expiry.
import { index, integer, primaryKey, sqliteTable, text } from "drizzle-orm/sqlite-core";
import type { ReadThing } from "../access/access-log.ts";
import { ERASURE_STATUSES, type ErasedCounts } from "../mistake/erasure.ts";

export const erasures = sqliteTable(
  "erasures",
  {
    id: text("id").primaryKey(),
    projectId: text("project_id").notNull(),
    keyId: text("key_id").notNull(),
    status: text("status", { enum: ERASURE_STATUSES }).notNull(),
    /** where it goes on */
    place: text("place").notNull(),
    cursor: text("cursor"),
    erased: text("erased", { mode: "json" }).$type<ErasedCounts>().notNull(),
    /** the releases that held an example of the end user: models may have been trained on them */
    releaseIds: text("release_ids", { mode: "json" }).$type<readonly string[]>().notNull(),
    createdAt: integer("created_at").notNull(),
    finishedAt: integer("finished_at"),
    /** until then one invocation works on it */
    leasedUntil: integer("leased_until").notNull(),
  },
  (table) => [
    index("erasures_by_project").on(table.projectId, table.id),
    // Whoever waits longest goes on first: what fails again and again stands in nobody's way.
    index("erasures_by_turn").on(table.status, table.leasedUntil, table.id),
  ],
);

/** Whose captured things are dropped if they come later than their erasure: a queue may hold them for 14 days. */
export const erasedEndUsers = sqliteTable(
  "erased_end_users",
  {
    projectId: text("project_id").notNull(),
    endUser: text("end_user").notNull(),
    erasureId: text("erasure_id").notNull(),
    /** what was captured after this moment is kept: the person may come again */
    capturedUntil: integer("captured_until").notNull(),
    expiresAt: integer("expires_at").notNull(),
  },
  (table) => [
    primaryKey({ columns: [table.projectId, table.endUser] }),
    index("erased_end_users_by_erasure").on(table.erasureId),
    index("erased_end_users_by_expiry").on(table.expiresAt),
  ],
);

/** Which mistakes are gone, until no release can hold them any more. */
export const erasedMistakes = sqliteTable(
  "erased_mistakes",
  {
    projectId: text("project_id").notNull(),
    mistakeId: text("mistake_id").notNull(),
    expiresAt: integer("expires_at").notNull(),
  },
  (table) => [
    primaryKey({ columns: [table.projectId, table.mistakeId] }),
    index("erased_mistakes_by_expiry").on(table.expiresAt),
  ],
);

/** Who read stored texts. */
export const accessLog = sqliteTable(
  "access_log",
  {
    id: text("id").primaryKey(),
    projectId: text("project_id").notNull(),
    keyId: text("key_id").notNull(),
    thing: text("thing").$type<ReadThing>().notNull(),
    subjects: text("subjects", { mode: "json" }).$type<readonly string[]>().notNull(),
    requestId: text("request_id").notNull(),
    createdAt: integer("created_at").notNull(),
  },
  (table) => [index("access_log_by_project").on(table.projectId, table.id)],
);
