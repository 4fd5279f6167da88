// What is old enough to be deleted, on D1. Law: ids sort by time, so that the oldest are the first of an index.
import { and, asc, eq, isNull, lt, or, sql, type SQL } from "drizzle-orm";
import type { SQLiteColumn } from "drizzle-orm/sqlite-core";
import { analyses, attacks, deferredAnalyses, mistakes, reviews } from "../../db/mistake-tables.ts";
import { reviewQueue } from "../../db/review-tables.ts";
import { clusterBands, clusters, recurrences } from "../../db/cluster-tables.ts";
import { idFloor } from "../../lib/ids.ts";
import { bandsOf } from "../../mistake/min-hash.ts";
import type { Expired, RetentionStore } from "../../mistake/retention-store.ts";
import type { Database } from "./database.ts";

/** `column IN (…)` through one parameter, since D1 binds 100 at most. */
function among(column: SQLiteColumn, ids: readonly (string | number)[]): SQL {
  return sql`${column} IN (SELECT value FROM json_each(${JSON.stringify(ids)}))`;
}

function idsOf(expired: readonly Expired[], type: Expired["type"]): readonly string[] {
  return expired.flatMap((each) => (each.type === type ? [each.id] : []));
}

export class D1RetentionStore implements RetentionStore {
  readonly #database: Database;

  constructor(database: Database) {
    this.#database = database;
  }

  async listExpired(projectId: string, before: number, limit: number): Promise<readonly Expired[]> {
    const [oldMistakes, oldAttacks] = await this.#database.batch([
      this.#database
        .select({ id: mistakes.id, objectKey: mistakes.exchangeKey })
        .from(mistakes)
        .where(and(eq(mistakes.projectId, projectId), lt(mistakes.id, idFloor("mis", before)), this.#isFree()))
        .orderBy(asc(mistakes.id))
        .limit(limit),
      this.#database
        .select({ id: attacks.id, objectKey: attacks.messagesKey })
        .from(attacks)
        .where(and(eq(attacks.projectId, projectId), lt(attacks.id, idFloor("atk", before))))
        .orderBy(asc(attacks.id))
        .limit(limit),
    ]);
    return [
      ...oldMistakes.map((row): Expired => ({ type: "mistake", ...row })),
      ...oldAttacks.map((row): Expired => ({ type: "attack", ...row })),
    ].slice(0, limit);
  }

  async deleteExpired(projectId: string, expired: readonly Expired[]): Promise<void> {
    const [mistakeIds, attackIds] = [idsOf(expired, "mistake"), idsOf(expired, "attack")];
    // Asked again: a release may have claimed one meanwhile. What belongs to a mistake goes once the mistake is gone.
    const isGone = (column: SQLiteColumn): SQL =>
      sql`${among(column, mistakeIds)} AND NOT EXISTS (SELECT 1 FROM ${mistakes} WHERE ${mistakes.id} = ${column})`;
    const left = await this.#clustersOf(projectId, mistakeIds);
    const isLeft = sql`NOT EXISTS (SELECT 1 FROM mistakes WHERE mistakes.project_id = ${projectId} AND mistakes.cluster_id =`;
    await this.#database.batch([
      this.#database
        .delete(mistakes)
        .where(and(eq(mistakes.projectId, projectId), among(mistakes.id, mistakeIds), this.#isFree())),
      this.#database.delete(attacks).where(and(eq(attacks.projectId, projectId), among(attacks.id, attackIds))),
      this.#database.delete(analyses).where(and(eq(analyses.projectId, projectId), isGone(analyses.mistakeId))),
      this.#database.delete(reviews).where(and(eq(reviews.projectId, projectId), isGone(reviews.mistakeId))),
      this.#database
        .delete(reviewQueue)
        .where(and(eq(reviewQueue.projectId, projectId), isGone(reviewQueue.mistakeId))),
      this.#database
        .delete(deferredAnalyses)
        .where(and(eq(deferredAnalyses.projectId, projectId), isGone(deferredAnalyses.mistakeId))),
      this.#database.delete(recurrences).where(isGone(recurrences.mistakeId)),
      this.#database
        .delete(clusterBands)
        .where(sql`${among(clusterBands.band, left.bands)} AND ${isLeft} ${clusterBands.clusterId})`),
      this.#database.delete(clusters).where(sql`${among(clusters.id, left.ids)} AND ${isLeft} ${clusters.id})`),
    ]);
  }

  /** What may have nobody in it any more, asked before its mistakes go. */
  async #clustersOf(
    projectId: string,
    mistakeIds: readonly string[],
  ): Promise<{ readonly ids: readonly string[]; readonly bands: readonly number[] }> {
    const found = await this.#database
      .selectDistinct({ id: clusters.id, sketch: clusters.sketch })
      .from(mistakes)
      .innerJoin(clusters, eq(clusters.id, mistakes.clusterId))
      .where(and(eq(mistakes.projectId, projectId), among(mistakes.id, mistakeIds)));
    return { ids: found.map(({ id }) => id), bands: found.flatMap(({ sketch }) => bandsOf(projectId, sketch)) };
  }

  /** No release is being built from it. */
  #isFree(): SQL | undefined {
    return or(isNull(mistakes.releaseId), eq(mistakes.state, "released"));
  }
}
