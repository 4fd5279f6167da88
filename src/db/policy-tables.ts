// Tables of policies: versions that never change, which of them counts for whom, and what was overruled.
// Law: every row belongs to a project, and ids sort by time, so «newest first» needs no sort.
import { index, integer, primaryKey, sqliteTable, text, uniqueIndex } from "drizzle-orm/sqlite-core";
import { MISTAKE_STATES } from "../mistake/mistake.ts";
import type { Allowance } from "../policy/allowance-schema.ts";
import { OVERRULE_SCOPES } from "../policy/overrule.ts";
import type { PolicyJson } from "../policy/policy-store.ts";

/** Immutable versions: a row never changes. */
export const policies = sqliteTable(
  "policies",
  {
    id: text("id").primaryKey(),
    projectId: text("project_id").notNull(),
    name: text("name").notNull(),
    /** counts the versions of one name */
    version: integer("version").notNull(),
    given: text("given", { mode: "json" }).$type<PolicyJson>().notNull(),
    resolved: text("resolved", { mode: "json" }).$type<PolicyJson>().notNull(),
    keyId: text("key_id").notNull(),
    createdAt: integer("created_at").notNull(),
  },
  (table) => [
    index("policies_by_project").on(table.projectId, table.id),
    uniqueIndex("policies_by_version").on(table.projectId, table.name, table.version),
  ],
);

/** Which policy a project, or one key of it, goes by now. What it went by before stands in the audit. */
export const policyAssignments = sqliteTable(
  "policy_assignments",
  {
    projectId: text("project_id").notNull(),
    /** empty: of every key without a policy of its own */
    keyId: text("key_id").notNull(),
    policyId: text("policy_id").notNull(),
  },
  (table) => [primaryKey({ columns: [table.projectId, table.keyId] })],
);

/** Projects that are switched to monitor, whatever their policies say. */
export const monitoredProjects = sqliteTable("monitored_projects", { projectId: text("project_id").primaryKey() });

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
