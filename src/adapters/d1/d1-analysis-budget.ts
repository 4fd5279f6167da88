// The daily budget of analyses on D1. Law: one statement looks and buys, so two consumers never buy the same last one.
import { and, asc, lt, sql } from "drizzle-orm";
import { analysisDays, deferredAnalyses } from "../../db/mistake-tables.ts";
import type { AnalysisBudget, AnalysisCaps } from "../../mistake/analysis-budget.ts";
import type { AnalysisRequest } from "../../mistake/analysis-queue.ts";
import { among } from "./among.ts";
import type { Database } from "./database.ts";

/** Stands in the key's column where no key was involved: only the project's cap counts there. */
const NO_KEY = "";

export class D1AnalysisBudget implements AnalysisBudget {
  readonly #database: Database;

  constructor(database: Database) {
    this.#database = database;
  }

  async buy(projectId: string, keyId: string | null, day: number, caps: AnalysisCaps): Promise<boolean> {
    const keyCap = keyId === null ? caps.project : caps.key;
    const ofProject = sql`SELECT coalesce(sum(bought), 0) FROM ${analysisDays} WHERE ${analysisDays.projectId} = ${projectId} AND ${analysisDays.day} = ${day}`;
    const bought = await this.#database
      .insert(analysisDays)
      .select(
        sql`SELECT ${projectId}, ${day}, ${keyId ?? NO_KEY}, 1 WHERE ${keyCap} > 0 AND (${ofProject}) < ${caps.project}`,
      )
      .onConflictDoUpdate({
        target: [analysisDays.projectId, analysisDays.day, analysisDays.keyId],
        set: { bought: sql`bought + 1` },
        setWhere: lt(analysisDays.bought, keyCap),
      })
      .returning({ bought: analysisDays.bought });
    return bought.length > 0;
  }

  async defer({ projectId, mistakeId }: AnalysisRequest, day: number): Promise<void> {
    await this.#database
      .insert(deferredAnalyses)
      .values({ projectId, mistakeId, day })
      .onConflictDoUpdate({ target: deferredAnalyses.mistakeId, set: { day: sql`max(day, excluded.day)` } });
  }

  async listDeferred(beforeDay: number, limit: number): Promise<readonly AnalysisRequest[]> {
    return await this.#database
      .select({ projectId: deferredAnalyses.projectId, mistakeId: deferredAnalyses.mistakeId })
      .from(deferredAnalyses)
      .where(lt(deferredAnalyses.day, beforeDay))
      .orderBy(asc(deferredAnalyses.day), asc(deferredAnalyses.mistakeId))
      .limit(limit);
  }

  async resume(requests: readonly AnalysisRequest[], beforeDay: number): Promise<void> {
    const ids = requests.map(({ mistakeId }) => mistakeId);
    await this.#database
      .delete(deferredAnalyses)
      .where(and(among(deferredAnalyses.mistakeId, ids), lt(deferredAnalyses.day, beforeDay)));
  }
}
