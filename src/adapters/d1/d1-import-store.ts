// Imported lines on D1: hundreds by one statement, through one parameter, since D1 binds 100 at most.
import { and, eq, sql, type SQL } from "drizzle-orm";
import { importedLines } from "../../db/feedback-tables.ts";
import type { ClaimedLine, ImportedLine, ImportStore } from "../../mistake/import-store.ts";
import type { Database } from "./database.ts";
import { insertRows } from "./insert-rows.ts";

function among(projectId: string, hashes: readonly string[]): SQL | undefined {
  const named = sql`${importedLines.hash} IN (SELECT value FROM json_each(${JSON.stringify(hashes)}))`;
  return and(eq(importedLines.projectId, projectId), named);
}

export class D1ImportStore implements ImportStore {
  readonly #database: Database;

  constructor(database: Database) {
    this.#database = database;
  }

  async known(projectId: string, hashes: readonly string[]): Promise<ReadonlyMap<string, ClaimedLine>> {
    const { hash, mistakeId, storedAt } = importedLines;
    const rows = await this.#database
      .select({ hash, mistakeId, storedAt })
      .from(importedLines)
      .where(among(projectId, hashes));
    return new Map(rows.map((row) => [row.hash, { mistakeId: row.mistakeId, isStored: row.storedAt !== null }]));
  }

  async claim(
    projectId: string,
    lines: readonly ImportedLine[],
    now: number,
  ): Promise<ReadonlyMap<string, ClaimedLine>> {
    const rows = lines.map((line) => ({ ...line, projectId, storedAt: null, createdAt: now }));
    for (const statement of insertRows(this.#database, importedLines, rows)) await statement;
    return await this.known(
      projectId,
      lines.map(({ hash }) => hash),
    );
  }

  async markStored(projectId: string, hashes: readonly string[], now: number): Promise<void> {
    await this.#database.update(importedLines).set({ storedAt: now }).where(among(projectId, hashes));
  }
}
