// How often analyses pass, on D1. Law: reads the newest along their index, and nothing else.
import { asc, count, desc, eq, isNotNull, sql } from "drizzle-orm";
import { analyses } from "../../db/mistake-tables.ts";
import type { AnalysisPassRate, AnalysisReports } from "../../mistake/analysis-reports.ts";
import type { Database } from "./database.ts";

export class D1AnalysisReports implements AnalysisReports {
  readonly #database: Database;

  constructor(database: Database) {
    this.#database = database;
  }

  async passRates(projectId: string, newest: number): Promise<readonly AnalysisPassRate[]> {
    const { promptVersion, model, quality, attempts } = analyses;
    const read = this.#database
      .select({ promptVersion, model, quality, attempts })
      .from(analyses)
      .where(eq(analyses.projectId, projectId))
      .orderBy(desc(analyses.id))
      .limit(newest)
      .as("newest");
    return await this.#database
      .select({
        promptVersion: read.promptVersion,
        model: read.model,
        analyses: count(),
        passed: sql`sum(${read.quality} = '[]')`.mapWith(Number),
        attempts: sql`sum(${read.attempts})`.mapWith(Number),
      })
      .from(read)
      .where(isNotNull(read.quality))
      .groupBy(read.promptVersion, read.model)
      .orderBy(asc(read.promptVersion), asc(read.model));
  }
}
