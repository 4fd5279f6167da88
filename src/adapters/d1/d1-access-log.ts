// The access log on D1.
import { and, desc, eq, lt, sql } from "drizzle-orm";
import type { AccessEntry, AccessLog } from "../../access/access-log.ts";
import { accessLog } from "../../db/privacy-tables.ts";
import { idFloor } from "../../lib/ids.ts";
import type { Page, PageRequest } from "../../lib/page.ts";
import type { Database } from "./database.ts";
import { pageOf } from "./page-of.ts";

export class D1AccessLog implements AccessLog {
  readonly #database: Database;

  constructor(database: Database) {
    this.#database = database;
  }

  async addEntry(entry: AccessEntry): Promise<void> {
    await this.#database.insert(accessLog).values(entry);
  }

  async listEntries(projectId: string, { limit, cursor }: PageRequest): Promise<Page<AccessEntry>> {
    const rows = await this.#database
      .select()
      .from(accessLog)
      .where(and(eq(accessLog.projectId, projectId), cursor === null ? undefined : lt(accessLog.id, cursor)))
      .orderBy(desc(accessLog.id))
      .limit(limit + 1);
    return pageOf(rows, limit);
  }

  async pruneEntries(before: number, limit: number): Promise<number> {
    // Ids sort by time, so that the oldest are the first of the primary key.
    const old = sql`${accessLog.id} IN (SELECT id FROM ${accessLog} WHERE id < ${idFloor("acc", before)} ORDER BY id LIMIT ${limit})`;
    const deleted = await this.#database.delete(accessLog).where(old).returning({ id: accessLog.id });
    return deleted.length;
  }
}
