// What end users said in feedback, and the answers to them that are kept for it, on D1.
import { and, eq } from "drizzle-orm";
import { feedback, keptExchanges } from "../../db/feedback-tables.ts";
import type { SubjectRecord, SubjectRecords } from "../../mistake/subject-records.ts";
import { among } from "./among.ts";
import type { Database } from "./database.ts";

export class D1SubjectFeedback implements SubjectRecords {
  readonly #database: Database;

  constructor(database: Database) {
    this.#database = database;
  }

  async listOf(projectId: string, endUsers: readonly string[], limit: number): Promise<readonly SubjectRecord[]> {
    const found = await this.#database
      .select({ id: feedback.id })
      .from(feedback)
      .where(and(eq(feedback.projectId, projectId), among(feedback.voice, endUsers)))
      .limit(limit);
    return found.map(({ id }) => ({ id, objectKey: null }));
  }

  async deleteRecords(projectId: string, records: readonly SubjectRecord[]): Promise<void> {
    const ids = records.map(({ id }) => id);
    await this.#database.delete(feedback).where(and(eq(feedback.projectId, projectId), among(feedback.id, ids)));
  }
}

export class D1SubjectExchanges implements SubjectRecords {
  readonly #database: Database;

  constructor(database: Database) {
    this.#database = database;
  }

  async listOf(projectId: string, endUsers: readonly string[], limit: number): Promise<readonly SubjectRecord[]> {
    return await this.#database
      .select({ id: keptExchanges.id, objectKey: keptExchanges.exchangeKey })
      .from(keptExchanges)
      .where(and(eq(keptExchanges.projectId, projectId), among(keptExchanges.endUser, endUsers)))
      .limit(limit);
  }

  async deleteRecords(projectId: string, records: readonly SubjectRecord[]): Promise<void> {
    const ids = records.map(({ id }) => id);
    await this.#database
      .delete(keptExchanges)
      .where(and(eq(keptExchanges.projectId, projectId), among(keptExchanges.id, ids)));
  }
}
