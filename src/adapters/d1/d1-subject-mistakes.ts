// The mistakes of end users on D1. Law: analyses, reviews and overrules' comments go with them, and what is gone is written down in
// the same transaction, so that a release that holds it is found.
import { and, eq, sql, type SQL } from "drizzle-orm";
import type { SQLiteColumn } from "drizzle-orm/sqlite-core";
import { mistakes } from "../../db/mistake-tables.ts";
import { overrules } from "../../db/policy-tables.ts";
import { erasedMistakes } from "../../db/privacy-tables.ts";
import type { SubjectRecord, SubjectRecords } from "../../mistake/subject-records.ts";
import { among } from "./among.ts";
import type { Database } from "./database.ts";
import { goneStatements, ledClusters } from "./gone-mistakes.ts";
import { insertRows } from "./insert-rows.ts";

/** What a comment says once its subject is erased. */
export const ERASED_COMMENT = "(erased)";

export class D1SubjectMistakes implements SubjectRecords {
  readonly #database: Database;
  readonly #expiresAt: () => number;

  /** @param expiresAt until when it must be known which mistakes are gone */
  constructor(database: Database, expiresAt: () => number) {
    this.#database = database;
    this.#expiresAt = expiresAt;
  }

  /** In no order: with one, SQLite would walk the project's ids in place of the index by end user. */
  async listOf(projectId: string, endUsers: readonly string[], limit: number): Promise<readonly SubjectRecord[]> {
    return await this.#database
      .select({ id: mistakes.id, objectKey: mistakes.exchangeKey })
      .from(mistakes)
      .where(and(eq(mistakes.projectId, projectId), among(mistakes.endUser, endUsers)))
      .limit(limit);
  }

  async deleteRecords(projectId: string, records: readonly SubjectRecord[]): Promise<void> {
    const ids = records.map(({ id }) => id);
    const of = (project: SQLiteColumn, column: SQLiteColumn): SQL | undefined =>
      and(eq(project, projectId), among(column, ids));
    const gone = ids.map((mistakeId) => ({ mistakeId, projectId, expiresAt: this.#expiresAt() }));
    const led = await ledClusters(this.#database, projectId, ids);
    await this.#database.batch([
      this.#database
        .update(overrules)
        .set({ comment: sql`${ERASED_COMMENT}` })
        .where(of(overrules.projectId, overrules.subjectId)),
      this.#database.delete(mistakes).where(of(mistakes.projectId, mistakes.id)),
      ...goneStatements(this.#database, projectId, ids, led),
      ...insertRows(this.#database, erasedMistakes, gone),
    ]);
  }
}
