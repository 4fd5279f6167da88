// The audit on D1, for its readers.
import { and, desc, eq, lt } from "drizzle-orm";
import type { AuditEntry } from "../../access/audit.ts";
import type { AuditStore } from "../../access/audit-store.ts";
import { audit } from "../../db/audit.ts";
import type { Page, PageRequest } from "../../lib/page.ts";
import type { Database } from "./database.ts";
import { pageOf } from "./page-of.ts";

export class D1AuditStore implements AuditStore {
  readonly #database: Database;

  constructor(database: Database) {
    this.#database = database;
  }

  async listAudit(projectId: string, page: PageRequest): Promise<Page<AuditEntry>> {
    const rows = await this.#database
      .select()
      .from(audit)
      .where(and(eq(audit.projectId, projectId), page.cursor === null ? undefined : lt(audit.id, page.cursor)))
      .orderBy(desc(audit.id))
      .limit(page.limit + 1);
    return pageOf(rows, page.limit);
  }
}
