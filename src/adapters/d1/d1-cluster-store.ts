// Clusters on D1. Law: one question for a batch of mistakes, whose statements each walk an index by what the batch names.
import { and, desc, eq, lt, sql, type SQL } from "drizzle-orm";
import { captureCounts, clusters } from "../../db/cluster-tables.ts";
import type { Page, PageRequest } from "../../lib/page.ts";
import type { AnalysisRequest } from "../../mistake/analysis-queue.ts";
import { counterName, type Cluster, type Counter } from "../../mistake/cluster.ts";
import {
  contentName,
  type AskedMistake,
  type ClusterOrder,
  type ClusterStore,
  type Counts,
  type Known,
} from "../../mistake/cluster-store.ts";
import type { Database } from "./database.ts";
import { pageOf } from "./page-of.ts";

/** The rows that a parameter names, each joined to what an index finds of it; CROSS JOIN keeps SQLite from turning that round. */
function named(names: readonly unknown[], join: SQL): SQL {
  return sql`json_each(${JSON.stringify(names)}) AS named CROSS JOIN ${join}`;
}

const NAME = sql.raw("named.value");
const nameAt = (place: number): SQL => sql.raw(`json_extract(named.value, '$[${place}]')`);

function countsIn(rows: readonly (Counter & { readonly captured: number })[]): Counts {
  return new Map(rows.map(({ captured, ...counter }) => [counterName(counter), captured]));
}

export class D1ClusterStore implements ClusterStore {
  readonly #database: Database;

  constructor(database: Database) {
    this.#database = database;
  }

  async look(mistakes: readonly AskedMistake[], counters: readonly Counter[]): Promise<Known> {
    const ids = mistakes.map(({ id }) => id);
    const contents = mistakes.map(({ projectId, contentHash }) => [projectId, contentHash]);
    const bands = [...new Set(mistakes.flatMap((mistake) => mistake.bands))];
    const [stored, same, leaders, counted] = await this.#database.batch([
      this.#database
        .select({ id: sql<string>`named.value` })
        .from(sql`json_each(${JSON.stringify(ids)}) AS named`)
        .where(
          sql`EXISTS (SELECT 1 FROM mistakes WHERE mistakes.id = ${NAME}) OR EXISTS (SELECT 1 FROM recurrences WHERE recurrences.id = ${NAME})`,
        ),
      this.#database
        .select({
          projectId: sql<string>`mistakes.project_id`,
          contentHash: sql<string>`mistakes.content_hash`,
          clusterId: sql<string>`min(mistakes.cluster_id)`,
        })
        .from(
          named(
            contents,
            sql`mistakes ON mistakes.project_id = ${nameAt(0)} AND mistakes.content_hash = ${nameAt(1)} AND mistakes.cluster_id IS NOT NULL`,
          ),
        )
        .groupBy(sql`1, 2`),
      this.#database
        .selectDistinct({
          clusterId: sql<string>`clusters.id`,
          projectId: sql<string>`clusters.project_id`,
          sketch: sql<string>`clusters.sketch`,
        })
        .from(
          named(
            bands,
            sql`cluster_bands ON cluster_bands.band = ${NAME} CROSS JOIN clusters ON clusters.id = cluster_bands.cluster_id`,
          ),
        ),
      this.#counted(counters),
    ]);
    return {
      ids: new Set(stored.map(({ id }) => id)),
      clusterOf: new Map(same.map((content) => [contentName(content), content.clusterId])),
      leaders,
      counts: countsIn(counted),
    };
  }

  async counts(counters: readonly Counter[]): Promise<Counts> {
    return counters.length === 0 ? new Map() : countsIn(await this.#counted(counters));
  }

  #counted(counters: readonly Counter[]) {
    const byName = new Map(counters.map((counter) => [counterName(counter), counter]));
    const names = [...byName.values()].map(({ projectId, subject, lengthMinutes, startMinute }) => [
      ...[projectId, subject, lengthMinutes, startMinute],
    ]);
    return this.#database
      .select({
        projectId: sql<string>`project_id`,
        subject: sql<string>`subject`,
        lengthMinutes: sql<number>`length_minutes`,
        startMinute: sql<number>`start_minute`,
        captured: sql<number>`captured`,
      })
      .from(
        named(
          names,
          sql`${captureCounts} ON project_id = ${nameAt(0)} AND subject = ${nameAt(1)} AND length_minutes = ${nameAt(2)} AND start_minute = ${nameAt(3)}`,
        ),
      );
  }

  async list(projectId: string, order: ClusterOrder, { limit, cursor }: PageRequest): Promise<Page<Cluster>> {
    const largest = order === "largest";
    const after = largest
      ? sql`(${clusters.size}, ${clusters.id}) < (SELECT size, id FROM clusters WHERE id = ${cursor})`
      : lt(clusters.id, cursor ?? "");
    const rows = await this.#database
      .select({
        id: clusters.id,
        projectId: clusters.projectId,
        size: clusters.size,
        createdAt: clusters.createdAt,
        latestAt: clusters.latestAt,
      })
      .from(clusters)
      // The size as a literal: only then does the partial index serve.
      .where(and(eq(clusters.projectId, projectId), sql`${clusters.size} > 1`, cursor === null ? undefined : after))
      .orderBy(...(largest ? [desc(clusters.size), desc(clusters.id)] : [desc(clusters.id)]))
      .limit(limit + 1);
    return pageOf(rows, limit);
  }

  async sizes(projectId: string, clusterIds: readonly string[]): Promise<ReadonlyMap<string, number>> {
    if (clusterIds.length === 0) return new Map();
    const ids = JSON.stringify([...new Set(clusterIds)]);
    const rows = await this.#database
      .select({ id: clusters.id, size: clusters.size })
      .from(clusters)
      .where(and(eq(clusters.projectId, projectId), sql`${clusters.id} IN (SELECT value FROM json_each(${ids}))`));
    return new Map(rows.map(({ id, size }) => [id, size]));
  }

  async analysable(requests: readonly AnalysisRequest[]): Promise<readonly AnalysisRequest[]> {
    const names = requests.map(({ projectId, mistakeId }) => [projectId, mistakeId]);
    const rows = await this.#database
      .select({ projectId: sql<string>`mistakes.project_id`, mistakeId: sql<string>`mistakes.id` })
      .from(
        sql`json_each(${JSON.stringify(names)}) AS named LEFT JOIN recurrences ON recurrences.id = ${nameAt(1)} CROSS JOIN mistakes ON mistakes.id = coalesce(recurrences.mistake_id, ${nameAt(1)})`,
      )
      // A unary plus keeps a column from choosing the index (sqlite.org/optoverview.html, 7.1): without, SQLite walks the project's.
      .where(
        sql`+mistakes.project_id = ${nameAt(0)} AND +mistakes.quarantine IS NULL AND +mistakes.state IN ('captured', 'confirmed') AND NOT EXISTS (SELECT 1 FROM analyses WHERE analyses.project_id = mistakes.project_id AND analyses.mistake_id = mistakes.id)`,
      )
      .orderBy(sql`named.key`);
    return [...new Map(rows.map((row) => [row.mistakeId, row])).values()];
  }

  async prune(beforeMinute: number): Promise<number> {
    const { meta } = await this.#database.delete(captureCounts).where(lt(captureCounts.startMinute, beforeMinute));
    return meta.changes;
  }
}
