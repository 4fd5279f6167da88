// Tables of releases, and of which mistakes they hold.
// Law: every row belongs to a project, and ids sort by time, so «newest first» needs no sort.
import { index, integer, primaryKey, sqliteTable, text } from "drizzle-orm/sqlite-core";
import { RELEASE_STATUSES, type ReleaseCounts, type ReleaseFile, type ReleaseOptions } from "../release/release.ts";

export const releases = sqliteTable(
  "releases",
  {
    id: text("id").primaryKey(),
    projectId: text("project_id").notNull(),
    status: text("status", { enum: RELEASE_STATUSES }).notNull(),
    trigger: text("trigger", { enum: ["request", "schedule"] }).notNull(),
    includeReleased: integer("include_released", { mode: "boolean" }).notNull(),
    /** null of those that were asked for before there was a choice */
    options: text("options", { mode: "json" }).$type<ReleaseOptions>(),
    counts: text("counts", { mode: "json" }).$type<ReleaseCounts>().notNull(),
    files: text("files", { mode: "json" }).$type<readonly ReleaseFile[]>().notNull(),
    failure: text("failure"),
    /** which files are its own, since an erasure rewrote them */
    revision: text("revision"),
    erased: integer("erased").notNull().default(0),
    createdAt: integer("created_at").notNull(),
    readyAt: integer("ready_at"),
    collectedAt: integer("collected_at"),
    /** since when no mistake of it holds its text in its row (jobs/archive.ts) */
    archivedAt: integer("archived_at"),
  },
  (table) => [
    index("releases_by_project").on(table.projectId, table.id),
    index("releases_uncollected").on(table.status, table.collectedAt, table.createdAt),
    index("releases_unarchived").on(table.status, table.archivedAt, table.readyAt),
  ],
);

/** Which release holds which mistake: an example's lineage, kept after the mistake's own row is gone. */
export const releaseMistakes = sqliteTable(
  "release_mistakes",
  {
    projectId: text("project_id").notNull(),
    releaseId: text("release_id").notNull(),
    mistakeId: text("mistake_id").notNull(),
  },
  (table) => [
    primaryKey({ columns: [table.releaseId, table.mistakeId] }),
    index("release_mistakes_by_mistake").on(table.projectId, table.mistakeId),
  ],
);

/** Segments of the archive that are being written: a row lasts as long as the writing. */
export const archiveWrites = sqliteTable(
  "archive_writes",
  {
    key: text("key").primaryKey(),
    projectId: text("project_id").notNull(),
    announcedAt: integer("announced_at").notNull(),
    abandoned: integer("abandoned", { mode: "boolean" }).notNull().default(false),
  },
  (table) => [index("archive_writes_by_time").on(table.announcedAt)],
);
