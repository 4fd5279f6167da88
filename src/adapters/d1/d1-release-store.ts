// Releases on D1; their files are objects in R2.
import { and, count, desc, eq, isNull, lt, ne, sql, type InferSelectModel, type SQL } from "drizzle-orm";
import type { BatchItem } from "drizzle-orm/batch";
import { mistakes } from "../../db/mistake-tables.ts";
import { releaseMistakes, releases } from "../../db/release-tables.ts";
import type { Page, PageRequest } from "../../lib/page.ts";
import type { Release } from "../../release/release.ts";
import type { PublishedRelease, ReleaseStore } from "../../release/release-store.ts";
import type { Database } from "./database.ts";
import { insertRows } from "./insert-rows.ts";
import { pageOf } from "./page-of.ts";

/** Whether its mistakes' texts were archived is nobody's business but the archive's. */
function rowToRelease({ archivedAt: _, ...release }: InferSelectModel<typeof releases>): Release {
  return release;
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

  async publish(projectId: string, id: string, { mistakeIds, ...ready }: PublishedRelease): Promise<void> {
    const lineage = mistakeIds.map((mistakeId) => ({ projectId, releaseId: id, mistakeId }));
    const held = sql`${mistakes.id} IN (SELECT mistake_id FROM ${releaseMistakes} WHERE release_id = ${id})`;
    // Every statement asks again, inside the transaction: another run may have published or failed the release meanwhile.
    const building = sql`EXISTS (SELECT 1 FROM ${releases} WHERE ${this.#building(projectId, id)})`;
    await this.#database.batch([
      this.#unclaim(projectId, id),
      ...insertRows(this.#database, releaseMistakes, lineage, building),
      this.#database
        .update(mistakes)
        .set({ state: "released", releaseId: id })
        .where(and(eq(mistakes.projectId, projectId), held, building)),
      this.#database
        .update(releases)
        .set({ status: "ready", ...ready })
        .where(this.#building(projectId, id)),
    ]);
  }

  async fail(projectId: string, id: string, failure: string): Promise<void> {
    await this.#database.batch([
      this.#database.update(releases).set({ status: "failed", failure }).where(this.#building(projectId, id)),
      this.#unclaim(projectId, id),
    ]);
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

  #building(projectId: string, id: string): SQL | undefined {
    return and(eq(releases.projectId, projectId), eq(releases.id, id), eq(releases.status, "building"));
  }

  #unclaim(projectId: string, id: string): BatchItem<"sqlite"> {
    return this.#database
      .update(mistakes)
      .set({ releaseId: null })
      .where(and(eq(mistakes.projectId, projectId), eq(mistakes.releaseId, id), ne(mistakes.state, "released")));
  }
}
