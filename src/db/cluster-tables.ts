// Tables of clusters: what near duplicates are known by, exact recurrences, and how much came when. Law: no text of anybody stands
// here; a recurrence is a row without a text, so that a second delivery of it counts nothing.
import { sql } from "drizzle-orm";
import { index, integer, primaryKey, sqliteTable, text } from "drizzle-orm/sqlite-core";

export const clusters = sqliteTable(
  "clusters",
  {
    id: text("id").primaryKey(),
    projectId: text("project_id").notNull(),
    /** of its first mistake (mistake/min-hash.ts) */
    sketch: text("sketch").notNull(),
    size: integer("size").notNull(),
    createdAt: integer("created_at").notNull(),
    latestAt: integer("latest_at").notNull(),
  },
  (table) => [
    // Most mistakes are alone in their cluster, and no list shows those.
    index("clusters_newest")
      .on(table.projectId, table.id)
      .where(sql`size > 1`),
    index("clusters_largest")
      .on(table.projectId, table.size, table.id)
      .where(sql`size > 1`),
  ],
);

/** Which cluster a band leads to: that of the latest leader with it, since what is alike comes soon after. The band is the row's number, so that the table is its own index. */
export const clusterBands = sqliteTable("cluster_bands", {
  band: integer("band").primaryKey(),
  clusterId: text("cluster_id").notNull(),
});

/** A captured mistake whose content was stored already, by its own id. */
export const recurrences = sqliteTable(
  "recurrences",
  {
    id: text("id").primaryKey(),
    projectId: text("project_id").notNull(),
    /** the one that it repeats */
    mistakeId: text("mistake_id").notNull(),
    createdAt: integer("created_at").notNull(),
  },
  (table) => [index("recurrences_by_mistake").on(table.mistakeId)],
);

/** How many mistakes a key, an end user or a cluster brought in a period (mistake/cluster.ts). */
export const captureCounts = sqliteTable(
  "capture_counts",
  {
    projectId: text("project_id").notNull(),
    subject: text("subject").notNull(),
    lengthMinutes: integer("length_minutes").notNull(),
    startMinute: integer("start_minute").notNull(),
    captured: integer("captured").notNull(),
  },
  (table) => [
    primaryKey({ columns: [table.projectId, table.subject, table.lengthMinutes, table.startMinute] }),
    index("capture_counts_by_start").on(table.startMinute),
  ],
);
