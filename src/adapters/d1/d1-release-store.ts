// Releases on D1; their files are objects in R2.
import { and, asc, count, desc, eq, gt, isNull, lt, ne, sql, type InferSelectModel, type SQL } from "drizzle-orm";
import type { BatchItem } from "drizzle-orm/batch";
import type { SQLiteColumn } from "drizzle-orm/sqlite-core";
import { mistakes } from "../../db/mistake-tables.ts";
import { releaseMistakes, releases } from "../../db/release-tables.ts";
import type { Page, PageRequest } from "../../lib/page.ts";
import { DEFAULT_RELEASE_OPTIONS, type Release } from "../../release/release.ts";
import { SETTLED_AT_ONCE, type PublishedRelease, type ReleaseStore } from "../../release/release-store.ts";
import type { Database } from "./database.ts";
import { insertRows } from "./insert-rows.ts";
import { pageOf } from "./page-of.ts";

/** Whether its mistakes' texts were archived is nobody's business but the archive's. */
function rowToRelease({ archivedAt: _, options, ...release }: InferSelectModel<typeof releases>): Release {
  return { ...release, options: options ?? DEFAULT_RELEASE_OPTIONS };
}

export class D1ReleaseStore implements ReleaseStore {
  readonly #database: Database;

  constructor(database: Database) {
    this.#database = database;
  }

  async insert(release: Release): Promise<void> {
    await this.#database.insert(releases).values(release);
  }

  async get(projectId: string, id: string): Promise<Release | null> {
    const found = await this.#database
      .select()
      .from(releases)
      .where(and(eq(releases.projectId, projectId), eq(releases.id, id)));
    return found[0] === undefined ? null : rowToRelease(found[0]);
  }

  async list(projectId: string, page: PageRequest): Promise<Page<Release>> {
    const rows = await this.#database
      .select()
      .from(releases)
      .where(and(eq(releases.projectId, projectId), page.cursor === null ? undefined : lt(releases.id, page.cursor)))
      .orderBy(desc(releases.id))
      .limit(page.limit + 1);
    return pageOf(rows.map(rowToRelease), page.limit);
  }

  async recordLineage(projectId: string, id: string, mistakeIds: readonly string[]): Promise<void> {
    const [first, ...rest] = this.#lineage(projectId, id, mistakeIds);
    if (first !== undefined) await this.#database.batch([first, ...rest]);
  }

  async representedClusters(
    projectId: string,
    id: string,
    clusterIds: readonly string[],
    upTo: string | null,
  ): Promise<readonly string[]> {
    if (upTo === null || clusterIds.length === 0) return [];
    // For each cluster the first one found is enough.
    const found = await this.#database
      .select({ clusterId: sql<string>`asked.value` })
      .from(sql`json_each(${JSON.stringify([...new Set(clusterIds)])}) AS asked`)
      .where(
        sql`EXISTS (SELECT 1 FROM mistakes AS m CROSS JOIN release_mistakes AS held
          ON held.release_id = ${id} AND held.mistake_id = m.id
          WHERE m.project_id = ${projectId} AND m.cluster_id = asked.value AND m.cluster_id IS NOT NULL AND m.id <= ${upTo})`,
      );
    return found.map(({ clusterId }) => clusterId);
  }

  async publish(projectId: string, id: string, { mistakeIds, ...ready }: PublishedRelease): Promise<void> {
    const [first, ...rest] = [
      ...this.#lineage(projectId, id, mistakeIds),
      this.#database
        .update(releases)
        .set({ status: "ready", ...ready })
        .where(this.#building(projectId, id)),
      ...this.#settling(projectId, id, null, SETTLED_AT_ONCE),
    ];
    if (first !== undefined) await this.#database.batch([first, ...rest]);
  }

  async fail(projectId: string, id: string, failure: string): Promise<void> {
    await this.#database.batch([
      this.#database.update(releases).set({ status: "failed", failure }).where(this.#building(projectId, id)),
      ...this.#settling(projectId, id, null, SETTLED_AT_ONCE),
    ]);
  }

  async settle(projectId: string, id: string, after: string | null, limit: number): Promise<string | null> {
    const [first, ...rest] = this.#settling(projectId, id, after, limit);
    const reached = await this.#database
      .select({ mistakeId: releaseMistakes.mistakeId })
      .from(releaseMistakes)
      .where(and(eq(releaseMistakes.releaseId, id), this.#behind(after)))
      .orderBy(asc(releaseMistakes.mistakeId))
      .limit(1)
      .offset(limit - 1);
    await this.#database.batch([first, ...rest]);
    return reached[0]?.mistakeId ?? null;
  }

  async markCollected(projectId: string, id: string, collectedAt: number): Promise<void> {
    await this.#database
      .update(releases)
      .set({ collectedAt })
      .where(and(eq(releases.projectId, projectId), eq(releases.id, id), isNull(releases.collectedAt)));
  }

  async newestCreatedAt(projectId: string): Promise<number | null> {
    const { items } = await this.list(projectId, { limit: 1, cursor: null });
    return items[0]?.createdAt ?? null;
  }

  async countUncollected(before: number): Promise<number> {
    const [row] = await this.#database
      .select({ uncollected: count() })
      .from(releases)
      .where(
        and(
          eq(releases.status, "ready"),
          isNull(releases.collectedAt),
          lt(releases.createdAt, before),
          sql`json_extract(${releases.counts}, '$.analysis') > 0`,
        ),
      );
    return row?.uncollected ?? 0;
  }

  #of(projectId: string, id: string): SQL | undefined {
    return and(eq(releases.projectId, projectId), eq(releases.id, id));
  }

  #building(projectId: string, id: string): SQL | undefined {
    return and(this.#of(projectId, id), eq(releases.status, "building"));
  }

  #behind(after: string | null): SQL | undefined {
    return after === null ? undefined : gt(releaseMistakes.mistakeId, after);
  }

  /** Every statement asks again, inside the transaction: another run may have published or failed the release meanwhile. */
  #lineage(projectId: string, id: string, mistakeIds: readonly string[]): readonly BatchItem<"sqlite">[] {
    const lineage = mistakeIds.map((mistakeId) => ({ projectId, releaseId: id, mistakeId }));
    const building = sql`EXISTS (SELECT 1 FROM ${releases} WHERE ${this.#building(projectId, id)})`;
    return insertRows(this.#database, releaseMistakes, lineage, building);
  }

  /** One range of mistake ids: behind `after`, up to the last of the next `limit` that the release holds. */
  #settling(
    projectId: string,
    id: string,
    after: string | null,
    limit: number,
  ): readonly [BatchItem<"sqlite">, ...BatchItem<"sqlite">[]] {
    const held = sql`SELECT mistake_id FROM release_mistakes WHERE release_id = ${id} AND mistake_id > ${after ?? ""}`;
    const upTo = sql`coalesce((${held} ORDER BY mistake_id LIMIT 1 OFFSET ${limit - 1}), '~')`;
    const inRange = (column: SQLiteColumn): SQL => sql`${column} > ${after ?? ""} AND ${column} <= ${upTo}`;
    const is = (status: "ready" | "failed"): SQL =>
      sql`EXISTS (SELECT 1 FROM ${releases} WHERE ${and(this.#of(projectId, id), eq(releases.status, status))})`;
    const isHeld = sql`${mistakes.id} IN (${held} ORDER BY mistake_id LIMIT ${limit})`;
    const mine = and(eq(mistakes.projectId, projectId), eq(mistakes.releaseId, id), inRange(mistakes.id));
    const kept = sql`EXISTS (SELECT 1 FROM release_mistakes AS own WHERE own.release_id = ${id} AND own.mistake_id = ${mistakes.id})`;
    return [
      this.#database
        .update(mistakes)
        .set({ state: "released", releaseId: id })
        .where(and(eq(mistakes.projectId, projectId), isHeld, ne(mistakes.state, "dismissed"), is("ready"))),
      this.#database
        .update(mistakes)
        .set({ releaseId: null })
        .where(and(mine, ne(mistakes.state, "released"), sql`(${is("failed")} OR (${is("ready")} AND NOT ${kept}))`)),
      this.#database
        .delete(releaseMistakes)
        .where(and(eq(releaseMistakes.releaseId, id), isHeldRow(projectId, after, upTo), is("failed"))),
    ];
  }
}

function isHeldRow(projectId: string, after: string | null, upTo: SQL): SQL | undefined {
  const { mistakeId } = releaseMistakes;
  return and(eq(releaseMistakes.projectId, projectId), sql`${mistakeId} > ${after ?? ""} AND ${mistakeId} <= ${upTo}`);
}
