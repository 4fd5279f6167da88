// Tables of mistakes and attacks, and of what is said of them.
// Law: every row belongs to a project, and ids sort by time, so «newest first» needs no sort.
import { isNotNull, sql } from "drizzle-orm";
import { index, integer, primaryKey, sqliteTable, text } from "drizzle-orm/sqlite-core";
import type { StoredVerdict } from "../guardrail/verdict.ts";
import type { AnalysisDetails, AnalysisFault } from "../mistake/analysis-quality.ts";
import {
  ATTACK_ACTIONS,
  MISTAKE_KINDS,
  MISTAKE_SOURCES,
  MISTAKE_STATES,
  QUARANTINES,
  type StoredExchange,
} from "../mistake/mistake.ts";
import { REVIEW_DECISIONS, REVIEWED_BY } from "../mistake/review.ts";
import type { Category } from "../policy/category.ts";
import { ACTIONS, STREAM_MODES } from "../policy/policy.ts";
import type { ChatMessage } from "../wire/chat-completion.ts";

export const mistakes = sqliteTable(
  "mistakes",
  {
    id: text("id").primaryKey(),
    projectId: text("project_id").notNull(),
    kind: text("kind", { enum: MISTAKE_KINDS }).notNull(),
    source: text("source", { enum: MISTAKE_SOURCES }).notNull(),
    state: text("state", { enum: MISTAKE_STATES }).notNull(),
    categories: text("categories", { mode: "json" }).$type<readonly Category[]>().notNull(),
    verdicts: text("verdicts", { mode: "json" }).$type<readonly StoredVerdict[]>().notNull(),
    action: text("action", { enum: ACTIONS }).notNull(),
    releasedCharacters: integer("released_characters").notNull().default(0),
    streamMode: text("stream_mode", { enum: STREAM_MODES }),
    /** the redacted conversation and answer; null where they are an object in R2 */
    exchange: text("exchange", { mode: "json" }).$type<StoredExchange>(),
    exchangeKey: text("exchange_key"),
    correction: text("correction"),
    model: text("model").notNull(),
    guidanceVersion: text("guidance_version"),
    policyVersion: text("policy_version").notNull(),
    classifierVersion: text("classifier_version"),
    keyId: text("key_id"),
    endUser: text("end_user"),
    requestId: text("request_id").notNull(),
    completionId: text("completion_id").notNull(),
    /** of an induction run */
    technique: text("technique"),
    createdAt: integer("created_at").notNull(),
    /** the release that claimed it, or the last one that holds it */
    releaseId: text("release_id"),
    /** what exact recurrences are known by; null of what was stored before that, or by hand */
    contentHash: text("content_hash"),
    clusterId: text("cluster_id"),
    quarantine: text("quarantine", { enum: QUARANTINES }),
  },
  (table) => [
    index("mistakes_by_project").on(table.projectId, table.id),
    // Every list with a filter is walked along one of these three, or along mistake_categories, which triggers keep
    // (adapters/d1/filtered-ids.ts says how, and why these columns).
    index("mistakes_by_facets").on(table.projectId, table.state, table.source, table.kind, table.id),
    index("mistakes_by_key").on(table.projectId, table.keyId, table.state, table.source, table.kind, table.id),
    index("mistakes_by_policy").on(
      table.projectId,
      table.policyVersion,
      table.state,
      table.source,
      table.kind,
      table.id,
    ),
    // Of few rows each: only what a query that repeats this condition word by word looks for.
    index("mistakes_by_release")
      .on(table.projectId, table.releaseId, table.id)
      .where(sql`release_id IS NOT NULL`),
    index("mistakes_claimable")
      .on(table.projectId, table.id)
      .where(sql`state = 'confirmed' AND release_id IS NULL`),
    index("mistakes_released")
      .on(table.projectId, table.id)
      .where(sql`state = 'released'`),
    index("mistakes_by_completion").on(table.projectId, table.completionId, table.id),
    index("mistakes_by_end_user").on(table.projectId, table.endUser, table.id).where(isNotNull(table.endUser)),
    index("mistakes_by_content")
      .on(table.projectId, table.contentHash)
      .where(sql`content_hash IS NOT NULL`),
    index("mistakes_by_cluster")
      .on(table.projectId, table.clusterId, table.id)
      .where(sql`cluster_id IS NOT NULL`),
    index("mistakes_by_quarantine")
      .on(table.projectId, table.quarantine, table.id)
      .where(sql`quarantine IS NOT NULL`),
  ],
);

export const attacks = sqliteTable(
  "attacks",
  {
    id: text("id").primaryKey(),
    projectId: text("project_id").notNull(),
    categories: text("categories", { mode: "json" }).$type<readonly Category[]>().notNull(),
    verdicts: text("verdicts", { mode: "json" }).$type<readonly StoredVerdict[]>().notNull(),
    messages: text("messages", { mode: "json" }).$type<readonly ChatMessage[]>(),
    messagesKey: text("messages_key"),
    policyVersion: text("policy_version").notNull(),
    keyId: text("key_id").notNull(),
    endUser: text("end_user"),
    requestId: text("request_id").notNull(),
    upstreamStarted: integer("upstream_started", { mode: "boolean" }).notNull().default(false),
    action: text("action", { enum: ATTACK_ACTIONS }).notNull().default("block"),
    overruledBy: text("overruled_by"),
    createdAt: integer("created_at").notNull(),
  },
  (table) => [
    index("attacks_by_project").on(table.projectId, table.id),
    index("attacks_by_end_user").on(table.projectId, table.endUser, table.id).where(isNotNull(table.endUser)),
    index("attacks_by_key").on(table.projectId, table.keyId, table.id),
  ],
);

export const analyses = sqliteTable(
  "analyses",
  {
    id: text("id").primaryKey(),
    projectId: text("project_id").notNull(),
    mistakeId: text("mistake_id").notNull(),
    text: text("text").notNull(),
    promptVersion: text("prompt_version").notNull(),
    model: text("model").notNull(),
    createdAt: integer("created_at").notNull(),
    /** what is wrong with the text; null of what was stored before there was a check */
    quality: text("quality", { mode: "json" }).$type<readonly AnalysisFault[]>(),
    /** texts that were asked for until this one was kept */
    attempts: integer("attempts").notNull().default(1),
    details: text("details", { mode: "json" }).$type<AnalysisDetails>(),
    proposedCorrection: text("proposed_correction"),
  },
  (table) => [
    index("analyses_by_mistake").on(table.projectId, table.mistakeId, table.id),
    // The newest of a project, for the pass rate.
    index("analyses_by_project").on(table.projectId, table.id),
  ],
);

export const reviews = sqliteTable(
  "reviews",
  {
    id: text("id").primaryKey(),
    projectId: text("project_id").notNull(),
    mistakeId: text("mistake_id").notNull(),
    decision: text("decision", { enum: REVIEW_DECISIONS }).notNull(),
    comment: text("comment"),
    keyId: text("key_id").notNull(),
    reviewer: text("reviewer"),
    by: text("by", { enum: REVIEWED_BY }).notNull().default("person"),
    /** what it changed; null: left as it was */
    kind: text("kind", { enum: MISTAKE_KINDS }),
    categories: text("categories", { mode: "json" }).$type<readonly Category[]>(),
    correction: text("correction"),
    /** how many voices had to agree then */
    required: integer("required").notNull().default(1),
    /** whether it still counts */
    standing: integer("standing", { mode: "boolean" }).notNull().default(true),
    bulkId: text("bulk_id"),
    createdAt: integer("created_at").notNull(),
  },
  (table) => [index("reviews_by_mistake").on(table.projectId, table.mistakeId, table.id)],
);

/** How many analyses a key's mistakes have bought on a day. */
export const analysisDays = sqliteTable(
  "analysis_days",
  {
    projectId: text("project_id").notNull(),
    day: integer("day").notNull(),
    keyId: text("key_id").notNull(),
    bought: integer("bought").notNull(),
  },
  (table) => [primaryKey({ columns: [table.projectId, table.day, table.keyId] })],
);

/** Mistakes whose analysis could not be bought on `day`; asked for again on a later one. */
export const deferredAnalyses = sqliteTable(
  "deferred_analyses",
  {
    mistakeId: text("mistake_id").primaryKey(),
    projectId: text("project_id").notNull(),
    day: integer("day").notNull(),
  },
  (table) => [index("deferred_analyses_by_day").on(table.day, table.mistakeId)],
);
