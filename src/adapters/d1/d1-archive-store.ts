// The archive's view of D1: which texts may leave their rows, and the leaving itself.
import { and, asc, eq, isNotNull, isNull, lt, sql } from "drizzle-orm";
import { mistakes } from "../../db/mistake-tables.ts";
import { archiveWrites, releases } from "../../db/release-tables.ts";
import type { AnnouncedSegment, Archivable, ArchivableRelease, ArchiveStore } from "../../mistake/archive-store.ts";
import { among } from "./among.ts";
import type { Database } from "./database.ts";

export class D1ArchiveStore implements ArchiveStore {
  readonly #database: Database;

  constructor(database: Database) {
    this.#database = database;
  }

  async nextArchivable(readyBefore: number): Promise<ArchivableRelease | null> {
    const [found] = await this.#database
      .select({ projectId: releases.projectId, releaseId: releases.id })
      .from(releases)
      .where(and(eq(releases.status, "ready"), isNull(releases.archivedAt), lt(releases.readyAt, readyBefore)))
      .orderBy(asc(releases.readyAt))
      .limit(1);
    return found ?? null;
  }

  async listArchivable({ projectId, releaseId }: ArchivableRelease, limit: number): Promise<readonly Archivable[]> {
    return await this.#database
      .select({ id: mistakes.id, text: sql<string>`${mistakes.exchange}` })
      .from(mistakes)
      .where(
        and(
          eq(mistakes.projectId, projectId),
          eq(mistakes.releaseId, releaseId),
          eq(mistakes.state, "released"),
          isNotNull(mistakes.exchange),
        ),
      )
      .orderBy(asc(mistakes.id))
      .limit(limit);
  }

  async markArchived({ projectId, releaseId }: ArchivableRelease, archivedAt: number): Promise<void> {
    await this.#database
      .update(releases)
      .set({ archivedAt })
      .where(and(eq(releases.projectId, projectId), eq(releases.id, releaseId)));
  }

  async announce({ key, projectId }: AnnouncedSegment, at: number): Promise<void> {
    await this.#database.insert(archiveWrites).values({ key, projectId, announcedAt: at });
  }

  async moveTexts(
    { key, projectId }: AnnouncedSegment,
    moved: readonly (Archivable & { readonly pointer: string })[],
  ): Promise<readonly string[]> {
    const ids = moved.map(({ id }) => id);
    const byId = JSON.stringify(Object.fromEntries(moved.map(({ id, text, pointer }) => [id, { text, pointer }])));
    const of = (field: "text" | "pointer") =>
      sql`json_extract(${byId}, '$."' || ${mistakes.id} || ${sql.raw(`'".${field}'`)})`;
    const announced = sql`EXISTS (SELECT 1 FROM ${archiveWrites} WHERE ${archiveWrites.key} = ${key} AND ${archiveWrites.abandoned} = 0)`;
    const [left] = await this.#database.batch([
      this.#database
        .update(mistakes)
        .set({ exchange: null, exchangeKey: of("pointer") })
        .where(
          and(
            among(mistakes.id, ids),
            eq(mistakes.projectId, projectId),
            eq(mistakes.state, "released"),
            sql`${mistakes.exchange} = ${of("text")}`,
            announced,
          ),
        )
        .returning({ id: mistakes.id }),
      this.#database.delete(archiveWrites).where(and(eq(archiveWrites.key, key), eq(archiveWrites.abandoned, false))),
    ]);
    return left.map(({ id }) => id);
  }

  async abandon(announcedBefore: number, limit: number): Promise<readonly AnnouncedSegment[]> {
    const stale = sql`SELECT key FROM ${archiveWrites} WHERE ${archiveWrites.announcedAt} < ${announcedBefore} ORDER BY ${archiveWrites.announcedAt} LIMIT ${limit}`;
    return await this.#database
      .update(archiveWrites)
      .set({ abandoned: true })
      .where(sql`${archiveWrites.key} IN (${stale})`)
      .returning({ key: archiveWrites.key, projectId: archiveWrites.projectId });
  }

  async forget({ key }: AnnouncedSegment): Promise<void> {
    await this.#database.delete(archiveWrites).where(eq(archiveWrites.key, key));
  }
}
