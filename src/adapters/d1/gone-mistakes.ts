// What goes with mistakes that are gone: what was said of them, and what they alone led. Law: for retention and erasure alike, behind the
// statement that deletes the mistakes, in the same transaction; what belongs to a mistake that stayed stays.
import { and, eq, sql, type SQL } from "drizzle-orm";
import type { SQLiteColumn } from "drizzle-orm/sqlite-core";
import type { BatchItem } from "drizzle-orm/batch";
import { clusterBands, clusters, recurrences } from "../../db/cluster-tables.ts";
import { feedback, importedLines } from "../../db/feedback-tables.ts";
import { analyses, deferredAnalyses, mistakes, reviews } from "../../db/mistake-tables.ts";
import { reviewQueue } from "../../db/review-tables.ts";
import { bandsOf } from "../../mistake/min-hash.ts";
import { among } from "./among.ts";
import type { Database } from "./database.ts";

/** The clusters of these mistakes, and the bands that lead to them. */
export interface LedClusters {
  readonly ids: readonly string[];
  readonly bands: readonly number[];
}

export async function ledClusters(
  database: Database,
  projectId: string,
  mistakeIds: readonly string[],
): Promise<LedClusters> {
  const found = await database
    .selectDistinct({ id: clusters.id, sketch: clusters.sketch })
    .from(mistakes)
    .innerJoin(clusters, eq(clusters.id, mistakes.clusterId))
    .where(and(eq(mistakes.projectId, projectId), among(mistakes.id, mistakeIds)));
  return { ids: found.map(({ id }) => id), bands: found.flatMap(({ sketch }) => bandsOf(projectId, sketch)) };
}

/** @param led asked for while the mistakes were still there */
export function goneStatements(
  database: Database,
  projectId: string,
  mistakeIds: readonly string[],
  led: LedClusters,
): readonly BatchItem<"sqlite">[] {
  const isGone = (column: SQLiteColumn): SQL =>
    sql`${among(column, mistakeIds)} AND NOT EXISTS (SELECT 1 FROM ${mistakes} WHERE ${mistakes.id} = ${column})`;
  const isLeft = (cluster: SQLiteColumn): SQL =>
    sql`NOT EXISTS (SELECT 1 FROM mistakes WHERE mistakes.project_id = ${projectId} AND mistakes.cluster_id = ${cluster})`;
  return [
    database.delete(analyses).where(and(eq(analyses.projectId, projectId), isGone(analyses.mistakeId))),
    database.delete(reviews).where(and(eq(reviews.projectId, projectId), isGone(reviews.mistakeId))),
    database
      .delete(deferredAnalyses)
      .where(and(eq(deferredAnalyses.projectId, projectId), isGone(deferredAnalyses.mistakeId))),
    database.delete(reviewQueue).where(and(eq(reviewQueue.projectId, projectId), isGone(reviewQueue.mistakeId))),
    database.delete(feedback).where(and(eq(feedback.projectId, projectId), isGone(feedback.mistakeId))),
    database.delete(importedLines).where(and(eq(importedLines.projectId, projectId), isGone(importedLines.mistakeId))),
    database.delete(recurrences).where(and(eq(recurrences.projectId, projectId), isGone(recurrences.mistakeId))),
    database.delete(clusterBands).where(and(among(clusterBands.band, led.bands), isLeft(clusterBands.clusterId))),
    database.delete(clusters).where(and(among(clusters.id, led.ids), isLeft(clusters.id))),
  ];
}
