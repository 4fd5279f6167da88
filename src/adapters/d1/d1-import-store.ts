// Imported lines on D1: hundreds by one statement, through one parameter, since D1 binds 100 at most.
import { and, eq, type SQL } from "drizzle-orm";
import { importedLines } from "../../db/feedback-tables.ts";
import type { ClaimedLine, ImportedLine, ImportStore } from "../../mistake/import-store.ts";
import { among } from "./among.ts";
import type { Database } from "./database.ts";
import { insertRows } from "./insert-rows.ts";

function named(projectId: string, hashes: readonly string[]): SQL | undefined {
  return and(eq(importedLines.projectId, projectId), among(importedLines.hash, hashes));
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
      .where(named(projectId, hashes));
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
    await this.#database.update(importedLines).set({ storedAt: now }).where(named(projectId, hashes));
  }
}
