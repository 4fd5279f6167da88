// How much end users brought in which period, on D1. Law: a count names its end user by HMAC alone, and goes with him all the same.
import { and, eq, sql } from "drizzle-orm";
import { captureCounts } from "../../db/cluster-tables.ts";
import { userSubject } from "../../mistake/quarantine-of.ts";
import type { SubjectRecord, SubjectRecords } from "../../mistake/subject-records.ts";
import { among } from "./among.ts";
import type { Database } from "./database.ts";

const { projectId: project, subject, lengthMinutes, startMinute } = captureCounts;

export class D1SubjectCounts implements SubjectRecords {
  readonly #database: Database;

  constructor(database: Database) {
    this.#database = database;
  }

  async listOf(projectId: string, endUsers: readonly string[], limit: number): Promise<readonly SubjectRecord[]> {
    const found = await this.#database
      .select({ id: sql<string>`json_array(${subject}, ${lengthMinutes}, ${startMinute})` })
      .from(captureCounts)
      .where(and(eq(project, projectId), among(subject, endUsers.map(userSubject))))
      .limit(limit);
    return found.map(({ id }) => ({ id, objectKey: null }));
  }

  async deleteRecords(projectId: string, records: readonly SubjectRecord[]): Promise<void> {
    const names = `[${records.map(({ id }) => id).join(",")}]`;
    const named = sql`(${subject}, ${lengthMinutes}, ${startMinute}) IN (SELECT json_extract(value, '$[0]'), json_extract(value, '$[1]'), json_extract(value, '$[2]') FROM json_each(${names}))`;
    await this.#database.delete(captureCounts).where(and(eq(project, projectId), named));
  }
}
