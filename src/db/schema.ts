// The tables of D1. Law: every row belongs to a project, and ids sort by time, so «newest first» needs no sort.
import { index, integer, primaryKey, sqliteTable, text, uniqueIndex } from "drizzle-orm/sqlite-core";
import type { Scope } from "../access/key.ts";
import { OUTCOMES, USAGE_PURPOSES } from "../access/usage.ts";
import type { Verdict } from "../guardrail/verdict.ts";
import type { ModelNames, UpstreamCredentials, UpstreamLimits } from "../model/upstream.ts";
import {
  ATTACK_ACTIONS,
  MISTAKE_KINDS,
  MISTAKE_SOURCES,
  MISTAKE_STATES,
  type StoredExchange,
} from "../mistake/mistake.ts";
import type { Category } from "../policy/category.ts";
import { ACTIONS, STREAM_MODES } from "../policy/policy.ts";
import type { PolicyJson } from "../policy/policy-store.ts";
import { RELEASE_STATUSES, type ReleaseCounts, type ReleaseFile } from "../release/release.ts";
import type { ChatMessage } from "../wire/chat-completion.ts";

export const projects = sqliteTable("projects", {
  id: text("id").primaryKey(),
  name: text("name").notNull(),
  createdAt: integer("created_at").notNull(),
});

export const keys = sqliteTable(
  "keys",
  {
    id: text("id").primaryKey(),
    projectId: text("project_id")
      .notNull()
      .references(() => projects.id),
    name: text("name").notNull(),
    scopes: text("scopes", { mode: "json" }).$type<readonly Scope[]>().notNull(),
    /** SHA-256 of the key's text, hexadecimal */
    hash: text("hash").notNull(),
    createdAt: integer("created_at").notNull(),
    revokedAt: integer("revoked_at"),
    /** limits of its own; null is the gateway's default */
    requestsPerMinute: integer("requests_per_minute"),
    tokensPerDay: integer("tokens_per_day"),
    microDollarsPerDay: integer("micro_dollars_per_day"),
  },
  (table) => [uniqueIndex("keys_by_hash").on(table.hash), index("keys_by_project").on(table.projectId, table.id)],
);

export const upstreams = sqliteTable(
  "upstreams",
  {
    id: text("id").primaryKey(),
    projectId: text("project_id").notNull(),
    name: text("name").notNull(),
    url: text("url").notNull(),
    models: text("models", { mode: "json" }).$type<ModelNames>().notNull(),
    /** the name of a secret, or the credentials sealed; never their text */
    credentials: text("credentials", { mode: "json" }).$type<UpstreamCredentials>(),
    priority: integer("priority").notNull(),
    limits: text("limits", { mode: "json" }).$type<UpstreamLimits>().notNull(),
    createdAt: integer("created_at").notNull(),
  },
  (table) => [index("upstreams_by_project").on(table.projectId, table.priority, table.id)],
);

export const mistakes = sqliteTable(
  "mistakes",
  {
    id: text("id").primaryKey(),
    projectId: text("project_id").notNull(),
    kind: text("kind", { enum: MISTAKE_KINDS }).notNull(),
    source: text("source", { enum: MISTAKE_SOURCES }).notNull(),
    state: text("state", { enum: MISTAKE_STATES }).notNull(),
    categories: text("categories", { mode: "json" }).$type<readonly Category[]>().notNull(),
    verdicts: text("verdicts", { mode: "json" }).$type<readonly Verdict[]>().notNull(),
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
    requestId: text("request_id").notNull(),
    completionId: text("completion_id").notNull(),
    createdAt: integer("created_at").notNull(),
    /** the release that claimed it, or the last one that holds it */
    releaseId: text("release_id"),
  },
  (table) => [
    index("mistakes_by_project").on(table.projectId, table.id),
    index("mistakes_by_state").on(table.projectId, table.state, table.id),
    index("mistakes_by_source").on(table.projectId, table.source, table.id),
    index("mistakes_by_release").on(table.projectId, table.releaseId, table.id),
    index("mistakes_by_kind").on(table.projectId, table.kind, table.id),
  ],
);

export const attacks = sqliteTable(
  "attacks",
  {
    id: text("id").primaryKey(),
    projectId: text("project_id").notNull(),
    categories: text("categories", { mode: "json" }).$type<readonly Category[]>().notNull(),
    verdicts: text("verdicts", { mode: "json" }).$type<readonly Verdict[]>().notNull(),
    messages: text("messages", { mode: "json" }).$type<readonly ChatMessage[]>(),
    messagesKey: text("messages_key"),
    policyVersion: text("policy_version").notNull(),
    keyId: text("key_id").notNull(),
    requestId: text("request_id").notNull(),
    upstreamStarted: integer("upstream_started", { mode: "boolean" }).notNull().default(false),
    action: text("action", { enum: ATTACK_ACTIONS }).notNull().default("block"),
    overruledBy: text("overruled_by"),
    createdAt: integer("created_at").notNull(),
  },
  (table) => [index("attacks_by_project").on(table.projectId, table.id)],
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
  },
  (table) => [index("analyses_by_mistake").on(table.projectId, table.mistakeId, table.id)],
);

export const reviews = sqliteTable(
  "reviews",
  {
    id: text("id").primaryKey(),
    projectId: text("project_id").notNull(),
    mistakeId: text("mistake_id").notNull(),
    decision: text("decision", { enum: ["confirm", "dismiss"] }).notNull(),
    comment: text("comment"),
    keyId: text("key_id").notNull(),
    createdAt: integer("created_at").notNull(),
  },
  (table) => [index("reviews_by_mistake").on(table.projectId, table.mistakeId, table.id)],
);

export const releases = sqliteTable(
  "releases",
  {
    id: text("id").primaryKey(),
    projectId: text("project_id").notNull(),
    status: text("status", { enum: RELEASE_STATUSES }).notNull(),
    trigger: text("trigger", { enum: ["request", "schedule"] }).notNull(),
    includeReleased: integer("include_released", { mode: "boolean" }).notNull(),
    counts: text("counts", { mode: "json" }).$type<ReleaseCounts>().notNull(),
    files: text("files", { mode: "json" }).$type<readonly ReleaseFile[]>().notNull(),
    failure: text("failure"),
    createdAt: integer("created_at").notNull(),
    readyAt: integer("ready_at"),
    collectedAt: integer("collected_at"),
  },
  (table) => [
    index("releases_by_project").on(table.projectId, table.id),
    index("releases_uncollected").on(table.status, table.collectedAt, table.createdAt),
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
