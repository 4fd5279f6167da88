// Tables of what was used and what came of it: rollups by minute, sums by day.
// Law: every row belongs to a project, and ids sort by time, so «newest first» needs no sort.
import { integer, primaryKey, sqliteTable, text } from "drizzle-orm/sqlite-core";
import { OUTCOMES, USAGE_PURPOSES } from "../access/usage.ts";

/** Minutes are counted from the Unix epoch. */
export const usageMinutes = sqliteTable(
  "usage_minutes",
  {
    projectId: text("project_id").notNull(),
    minute: integer("minute").notNull(),
    keyId: text("key_id").notNull(),
    purpose: text("purpose", { enum: USAGE_PURPOSES }).notNull(),
    model: text("model").notNull(),
    calls: integer("calls").notNull(),
    promptTokens: integer("prompt_tokens").notNull(),
    completionTokens: integer("completion_tokens").notNull(),
    microDollars: integer("micro_dollars").notNull(),
  },
  (table) => [primaryKey({ columns: [table.projectId, table.minute, table.keyId, table.purpose, table.model] })],
);

export const outcomeMinutes = sqliteTable(
  "outcome_minutes",
  {
    projectId: text("project_id").notNull(),
    minute: integer("minute").notNull(),
    keyId: text("key_id").notNull(),
    outcome: text("outcome", { enum: OUTCOMES }).notNull(),
    count: integer("count").notNull(),
  },
  (table) => [primaryKey({ columns: [table.projectId, table.minute, table.keyId, table.outcome] })],
);

/** The sums that budgets ask for: one row instead of a day's minutes. Days are counted from the Unix epoch, in UTC. */
export const usageDays = sqliteTable(
  "usage_days",
  {
    projectId: text("project_id").notNull(),
    keyId: text("key_id").notNull(),
    day: integer("day").notNull(),
    tokens: integer("tokens").notNull(),
    microDollars: integer("micro_dollars").notNull(),
  },
  (table) => [primaryKey({ columns: [table.projectId, table.keyId, table.day] })],
);

/** Which batches are in the rollups already, so that a second delivery adds nothing. Of all projects together. */
export const usageBatches = sqliteTable("usage_batches", { id: text("id").primaryKey() });
