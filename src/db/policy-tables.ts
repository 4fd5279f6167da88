// Tables of policies: versions that never change, and which of them counts for whom.
// Law: every row belongs to a project, and ids sort by time, so «newest first» needs no sort.
import { index, integer, primaryKey, sqliteTable, text, uniqueIndex } from "drizzle-orm/sqlite-core";
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
