// The table of overrules. Law: as schema.ts.
import { index, integer, sqliteTable, text } from "drizzle-orm/sqlite-core";
import { MISTAKE_STATES } from "../mistake/mistake.ts";
import type { Allowance } from "../policy/allowance-schema.ts";
import { OVERRULE_SCOPES } from "../policy/overrule.ts";

/** Exceptions that reviewers made: a row's allowances never change; it ends by itself or is reverted once. */
export const overrules = sqliteTable(
  "overrules",
  {
    id: text("id").primaryKey(),
    projectId: text("project_id").notNull(),
    /** the mistake or attack that was overruled */
    subjectId: text("subject_id").notNull(),
    scope: text("scope", { enum: OVERRULE_SCOPES }).notNull(),
    allowances: text("allowances", { mode: "json" }).$type<readonly Allowance[]>().notNull(),
    comment: text("comment").notNull(),
    /** the state the mistake was in; null for an attack */
    subjectState: text("subject_state", { enum: MISTAKE_STATES }),
    /** the over-refusal that was recorded */
    mistakeId: text("mistake_id"),
    keyId: text("key_id").notNull(),
    createdAt: integer("created_at").notNull(),
    expiresAt: integer("expires_at").notNull(),
    revertedAt: integer("reverted_at"),
    revertedBy: text("reverted_by"),
  },
  (table) => [
    index("overrules_by_project").on(table.projectId, table.id),
    index("overrules_by_subject").on(table.projectId, table.subjectId, table.id),
    index("overrules_by_expiry").on(table.projectId, table.revertedAt, table.expiresAt),
  ],
);
