// Tables of feedback: what voices say, the exchanges that wait for them, and which lines were imported.
// Law: every row belongs to a project; no row holds an end user's own id.
import { sql } from "drizzle-orm";
import { index, integer, primaryKey, sqliteTable, text, uniqueIndex } from "drizzle-orm/sqlite-core";
import type { StoredVerdict } from "../guardrail/verdict.ts";
import { FEEDBACK_LABELS, FEEDBACK_OUTCOMES, type GivenCorrection } from "../mistake/feedback.ts";
import { KEPT_STATES } from "../mistake/kept-exchange.ts";
import type { StoredExchange } from "../mistake/mistake.ts";
import type { Category } from "../policy/category.ts";
import { ACTIONS, STREAM_MODES } from "../policy/policy.ts";

/** Answers that passed, redacted, until their feedback window ends; those called good stay. */
export const keptExchanges = sqliteTable(
  "kept_exchanges",
  {
    id: text("id").primaryKey(),
    projectId: text("project_id").notNull(),
    choice: integer("choice").notNull(),
    state: text("state", { enum: KEPT_STATES }).notNull(),
    verdicts: text("verdicts", { mode: "json" }).$type<readonly StoredVerdict[]>().notNull(),
    action: text("action", { enum: ACTIONS }).notNull(),
    exchange: text("exchange", { mode: "json" }).$type<StoredExchange>(),
    exchangeKey: text("exchange_key"),
    model: text("model").notNull(),
    guidanceVersion: text("guidance_version"),
    policyVersion: text("policy_version").notNull(),
    classifierVersion: text("classifier_version"),
    keyId: text("key_id"),
    endUser: text("end_user"),
    requestId: text("request_id").notNull(),
    completionId: text("completion_id").notNull(),
    streamMode: text("stream_mode", { enum: STREAM_MODES }),
    createdAt: integer("created_at").notNull(),
    expiresAt: integer("expires_at"),
  },
  (table) => [
    index("kept_exchanges_by_completion").on(table.projectId, table.completionId, table.choice, table.id),
    index("kept_exchanges_by_state").on(table.projectId, table.state, table.id),
    index("kept_exchanges_by_end_user").on(table.projectId, table.endUser),
    index("kept_exchanges_by_expiry").on(table.expiresAt),
  ],
);

export const feedback = sqliteTable(
  "feedback",
  {
    id: text("id").primaryKey(),
    projectId: text("project_id").notNull(),
    voice: text("voice").notNull(),
    subject: text("subject").notNull(),
    label: text("label", { enum: FEEDBACK_LABELS }).notNull(),
    outcome: text("outcome", { enum: FEEDBACK_OUTCOMES }),
    mistakeId: text("mistake_id"),
    exchangeId: text("exchange_id"),
    completionId: text("completion_id"),
    category: text("category").$type<Category>(),
    comment: text("comment"),
    correction: text("correction", { mode: "json" }).$type<GivenCorrection>(),
    keyId: text("key_id").notNull(),
    requestId: text("request_id").notNull(),
    idempotencyHash: text("idempotency_hash"),
    bodyHash: text("body_hash"),
    createdAt: integer("created_at").notNull(),
    replacedBy: text("replaced_by"),
  },
  (table) => [
    uniqueIndex("feedback_one_voice")
      .on(table.projectId, table.subject, table.voice)
      .where(sql`replaced_by IS NULL`),
    uniqueIndex("feedback_by_idempotency").on(table.projectId, table.idempotencyHash),
    index("feedback_by_subject").on(table.projectId, table.subject, table.id),
    index("feedback_by_project").on(table.projectId, table.id),
    index("feedback_by_label").on(table.projectId, table.label, table.id),
    index("feedback_by_outcome").on(table.projectId, table.outcome, table.id),
    index("feedback_by_mistake").on(table.projectId, table.mistakeId, table.id),
    index("feedback_by_voice").on(table.projectId, table.voice),
  ],
);

/** Which mistake a line of an import became, so that a file can be sent again. */
export const importedLines = sqliteTable(
  "imported_lines",
  {
    projectId: text("project_id").notNull(),
    /** of the line's own id, or of its redacted content */
    hash: text("hash").notNull(),
    mistakeId: text("mistake_id").notNull(),
    /** a correction that the guardrails flagged: told to reviewers, and never a target */
    flaggedCorrection: text("flagged_correction", { mode: "json" }).$type<GivenCorrection>(),
    comment: text("comment"),
    /** null until the mistake is stored: the line is sent again then */
    storedAt: integer("stored_at"),
    createdAt: integer("created_at").notNull(),
  },
  (table) => [
    primaryKey({ columns: [table.projectId, table.hash] }),
    index("imported_lines_by_mistake").on(table.projectId, table.mistakeId),
  ],
);
