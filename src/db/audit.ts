// The table of the audit. Law: as schema.ts.
import { index, integer, sqliteTable, text } from "drizzle-orm/sqlite-core";
import { AUDIT_EVENTS, type AuditEntry } from "../access/audit.ts";

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
