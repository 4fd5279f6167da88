// Tables of induction runs and their attempts. Law: an attempt is one row under its run and number, so that nothing counts twice.
import { index, integer, primaryKey, sqliteTable, text } from "drizzle-orm/sqlite-core";
import {
  ATTEMPT_OUTCOMES,
  INDUCTION_ARMS,
  INDUCTION_STATUSES,
  INDUCTION_TRIGGERS,
  type InductionSettings,
} from "../mistake/induction-run.ts";

export const inductionRuns = sqliteTable(
  "induction_runs",
  {
    id: text("id").primaryKey(),
    projectId: text("project_id").notNull(),
    status: text("status", { enum: INDUCTION_STATUSES }).notNull(),
    trigger: text("trigger", { enum: INDUCTION_TRIGGERS }).notNull(),
    settings: text("settings", { mode: "json" }).$type<InductionSettings>().notNull(),
    techniquesVersion: text("techniques_version").notNull(),
    seeds: integer("seeds").notNull(),
    attempts: integer("attempts").notNull(),
    failure: text("failure"),
    createdAt: integer("created_at").notNull(),
    endedAt: integer("ended_at"),
  },
  (table) => [index("induction_runs_by_project").on(table.projectId, table.id)],
);

export const inductionAttempts = sqliteTable(
  "induction_attempts",
  {
    runId: text("run_id").notNull(),
    /** its number in the run's plan */
    attempt: integer("attempt").notNull(),
    projectId: text("project_id").notNull(),
    technique: text("technique").notNull(),
    arm: text("arm", { enum: INDUCTION_ARMS }).notNull(),
    /** null: begun, and not ended yet */
    outcome: text("outcome", { enum: ATTEMPT_OUTCOMES }),
    /** that it took; while it goes on, those that it may take */
    calls: integer("calls").notNull(),
    mistakeId: text("mistake_id"),
  },
  (table) => [primaryKey({ columns: [table.runId, table.attempt] })],
);
