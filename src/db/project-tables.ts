// Tables of projects: who may do what, which models they ask, who changed what.
// Law: every row belongs to a project, and ids sort by time, so «newest first» needs no sort.
import { index, integer, sqliteTable, text, uniqueIndex } from "drizzle-orm/sqlite-core";
import { KEY_CONSENTS, type Scope } from "../access/key.ts";
import { AUDIT_EVENTS, type AuditEntry } from "../access/audit.ts";
import type { ModelNames, UpstreamCredentials, UpstreamLimits } from "../model/upstream.ts";
import { UPSTREAM_PURPOSES } from "../wire/upstream.ts";

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
    /** null is the policy's */
    consent: text("consent", { enum: KEY_CONSENTS }),
  },
  (table) => [uniqueIndex("keys_by_hash").on(table.hash), index("keys_by_project").on(table.projectId, table.id)],
);

export const upstreams = sqliteTable(
  "upstreams",
  {
    id: text("id").primaryKey(),
    projectId: text("project_id").notNull(),
    purpose: text("purpose", { enum: UPSTREAM_PURPOSES }).notNull().default("chat"),
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

/** Who changed what. A row never changes. */
export const audit = sqliteTable(
  "audit",
  {
    id: text("id").primaryKey(),
    projectId: text("project_id").notNull(),
    keyId: text("key_id").notNull(),
    event: text("event", { enum: AUDIT_EVENTS }).notNull(),
    subject: text("subject").notNull(),
    details: text("details", { mode: "json" }).$type<AuditEntry["details"]>().notNull(),
    createdAt: integer("created_at").notNull(),
  },
  (table) => [index("audit_by_project").on(table.projectId, table.id)],
);
