// Tables of candidates and their trials. Law: counts and names alone, no text of any exchange.
import { sql } from "drizzle-orm";
import { index, integer, primaryKey, real, sqliteTable, text, uniqueIndex } from "drizzle-orm/sqlite-core";
import { TRIAL_ARMS, TRIAL_OUTCOMES } from "../access/trial.ts";
import { CANDIDATE_STATES } from "../release/candidate.ts";
import type { CanaryGate } from "../release/canary-gate.ts";

export const candidates = sqliteTable(
  "candidates",
  {
    id: text("id").primaryKey(),
    projectId: text("project_id").notNull(),
    name: text("name").notNull(),
    upstream: text("upstream").notNull(),
    model: text("model"),
    releaseId: text("release_id"),
    gate: text("gate", { mode: "json" }).$type<CanaryGate>().notNull(),
    state: text("state", { enum: CANDIDATE_STATES }).notNull(),
    share: real("share").notNull(),
    reason: text("reason"),
    createdAt: integer("created_at").notNull(),
    startedAt: integer("started_at"),
    decidedAt: integer("decided_at"),
  },
  (table) => [
    index("candidates_by_project").on(table.projectId, table.id),
    index("candidates_promoted")
      .on(table.projectId, table.decidedAt)
      .where(sql`state = 'promoted'`),
    uniqueIndex("candidates_one_canary")
      .on(table.projectId)
      .where(sql`state = 'canary'`),
  ],
);

export const trialCounts = sqliteTable(
  "trial_counts",
  {
    projectId: text("project_id").notNull(),
    candidateId: text("candidate_id").notNull(),
    arm: text("arm", { enum: TRIAL_ARMS }).notNull(),
    outcome: text("outcome", { enum: TRIAL_OUTCOMES }).notNull(),
    count: integer("count").notNull(),
  },
  (table) => [primaryKey({ columns: [table.projectId, table.candidateId, table.arm, table.outcome] })],
);
