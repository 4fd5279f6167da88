// The attacks of end users on D1, with the comments of the overrules that call them none.
import { and, eq, sql } from "drizzle-orm";
import { attacks } from "../../db/mistake-tables.ts";
import { overrules } from "../../db/policy-tables.ts";
import type { SubjectRecord, SubjectRecords } from "../../mistake/subject-records.ts";
import { among } from "./among.ts";
import type { Database } from "./database.ts";
import { ERASED_COMMENT } from "./d1-subject-mistakes.ts";

export class D1SubjectAttacks implements SubjectRecords {
  readonly #database: Database;

  constructor(database: Database) {
    this.#database = database;
  }

  /** In no order: with one, SQLite would walk the project's ids in place of the index by end user. */
  async listOf(projectId: string, endUsers: readonly string[], limit: number): Promise<readonly SubjectRecord[]> {
    return await this.#database
      .select({ id: attacks.id, objectKey: attacks.messagesKey })
      .from(attacks)
      .where(and(eq(attacks.projectId, projectId), among(attacks.endUser, endUsers)))
      .limit(limit);
  }

  async deleteRecords(projectId: string, records: readonly SubjectRecord[]): Promise<void> {
    const ids = records.map(({ id }) => id);
    await this.#database.batch([
      this.#database
        .update(overrules)
        .set({ comment: sql`${ERASED_COMMENT}` })
        .where(and(eq(overrules.projectId, projectId), among(overrules.subjectId, ids))),
      this.#database.delete(attacks).where(and(eq(attacks.projectId, projectId), among(attacks.id, ids))),
    ]);
  }
}
