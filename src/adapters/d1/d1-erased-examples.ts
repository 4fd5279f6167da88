// Which releases hold erased mistakes, on D1: their lineage (`release_mistakes`) beside what is gone (`erased_mistakes`).
import { and, asc, eq, gt, isNull, lt, sql, type SQL } from "drizzle-orm";
import { erasedMistakes } from "../../db/privacy-tables.ts";
import { releaseMistakes, releases } from "../../db/release-tables.ts";
import { idFloor } from "../../lib/ids.ts";
import type { ErasedExamples, RewrittenRelease } from "../../release/erased-examples.ts";
import type { Release } from "../../release/release.ts";
import { among } from "./among.ts";
import type { Database } from "./database.ts";

export class D1ErasedExamples implements ErasedExamples {
  readonly #database: Database;

  constructor(database: Database) {
    this.#database = database;
  }

  async releasesHolding(projectId: string, limit: number): Promise<readonly string[]> {
    const rows = await this.#database
      .selectDistinct({ releaseId: releaseMistakes.releaseId })
      .from(releaseMistakes)
      // Not as a join, in which SQLite would begin with the whole lineage.
      .where(
        and(
          eq(releaseMistakes.projectId, projectId),
          sql`${releaseMistakes.mistakeId} IN (SELECT mistake_id FROM erased_mistakes WHERE project_id = ${projectId})`,
        ),
      )
      .orderBy(asc(releaseMistakes.releaseId))
      .limit(limit);
    return rows.map(({ releaseId }) => releaseId);
  }

  async erasedIn(projectId: string, releaseId: string): Promise<readonly string[]> {
    const rows = await this.#database
      .select({ mistakeId: releaseMistakes.mistakeId })
      .from(releaseMistakes)
      .innerJoin(erasedMistakes, this.#isHeld())
      .where(and(eq(releaseMistakes.projectId, projectId), eq(releaseMistakes.releaseId, releaseId)))
      .orderBy(asc(releaseMistakes.mistakeId));
    return rows.map(({ mistakeId }) => mistakeId);
  }

  async isAnyBuilding(projectId: string, before: number): Promise<boolean> {
    const rows = await this.#database
      .select({ id: releases.id })
      .from(releases)
      .where(
        and(
          eq(releases.status, "building"),
          eq(releases.projectId, projectId),
          lt(releases.id, idFloor("rel", before)),
        ),
      )
      .limit(1);
    return rows.length > 0;
  }

  async listFailed(projectId: string, after: string | null, limit: number): Promise<readonly string[]> {
    const rows = await this.#database
      .select({ id: releases.id })
      .from(releases)
      .where(
        and(
          eq(releases.projectId, projectId),
          eq(releases.status, "failed"),
          after === null ? undefined : gt(releases.id, after),
        ),
      )
      .orderBy(asc(releases.id))
      .limit(limit);
    return rows.map(({ id }) => id);
  }

  async publishRewritten(
    { id, projectId, revision }: Pick<Release, "id" | "projectId" | "revision">,
    rewritten: RewrittenRelease,
    mistakeIds: readonly string[],
  ): Promise<boolean> {
    const mine = and(eq(releases.projectId, projectId), eq(releases.id, id));
    const before = revision === null ? isNull(releases.revision) : eq(releases.revision, revision);
    const isPublished = sql`EXISTS (SELECT 1 FROM ${releases} WHERE ${releases.id} = ${id} AND ${releases.revision} = ${rewritten.revision})`;
    const [changed] = await this.#database.batch([
      this.#database.update(releases).set(rewritten).where(and(mine, before)).returning({ id: releases.id }),
      this.#database
        .delete(releaseMistakes)
        .where(and(eq(releaseMistakes.releaseId, id), among(releaseMistakes.mistakeId, mistakeIds), isPublished)),
    ]);
    return changed.length > 0;
  }

  #isHeld(): SQL | undefined {
    return and(
      eq(releaseMistakes.projectId, erasedMistakes.projectId),
      eq(releaseMistakes.mistakeId, erasedMistakes.mistakeId),
    );
  }
}
