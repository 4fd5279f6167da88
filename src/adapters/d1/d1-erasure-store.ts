// Erasures on D1. Law: whom one covers stands in rows of their own, which end; its record stays and names nobody.
import { and, asc, desc, eq, lt, sql } from "drizzle-orm";
import type { AuditEntry } from "../../access/audit.ts";
import { erasedEndUsers, erasedMistakes, erasures } from "../../db/privacy-tables.ts";
import { audit } from "../../db/project-tables.ts";
import type { Page, PageRequest } from "../../lib/page.ts";
import type { ErasureStore, ErasureTerms } from "../../mistake/erasure-store.ts";
import type { Erasure } from "../../mistake/erasure.ts";
import { among } from "./among.ts";
import type { Database } from "./database.ts";
import { pageOf } from "./page-of.ts";

function rowToErasure({ leasedUntil: _, ...erasure }: typeof erasures.$inferSelect): Erasure {
  return erasure;
}

export class D1ErasureStore implements ErasureStore {
  readonly #database: Database;

  constructor(database: Database) {
    this.#database = database;
  }

  async begin(erasure: Erasure, { endUsers, ...terms }: ErasureTerms, entry: AuditEntry): Promise<void> {
    const { id: erasureId, projectId } = erasure;
    await this.#database.batch([
      this.#database.insert(erasures).values({ ...erasure, leasedUntil: 0 }),
      this.#database.insert(audit).values(entry),
      // One who was erased before and came again: the later erasure covers both.
      ...endUsers.map((endUser) =>
        this.#database
          .insert(erasedEndUsers)
          .values({ projectId, endUser, erasureId, ...terms })
          .onConflictDoUpdate({
            target: [erasedEndUsers.projectId, erasedEndUsers.endUser],
            set: { erasureId, ...terms },
          }),
      ),
    ]);
  }

  async findRunning(projectId: string, endUsers: readonly string[]): Promise<Erasure | null> {
    const [row] = await this.#database
      .select({ erasure: erasures })
      .from(erasedEndUsers)
      .innerJoin(erasures, eq(erasures.id, erasedEndUsers.erasureId))
      .where(
        and(
          eq(erasedEndUsers.projectId, projectId),
          among(erasedEndUsers.endUser, endUsers),
          eq(erasures.status, "running"),
        ),
      )
      .limit(1);
    return row === undefined ? null : rowToErasure(row.erasure);
  }

  async getErasure(projectId: string, id: string): Promise<Erasure | null> {
    const [row] = await this.#database
      .select()
      .from(erasures)
      .where(and(eq(erasures.projectId, projectId), eq(erasures.id, id)));
    return row === undefined ? null : rowToErasure(row);
  }

  async listErasures(projectId: string, { limit, cursor }: PageRequest): Promise<Page<Erasure>> {
    const rows = await this.#database
      .select()
      .from(erasures)
      .where(and(eq(erasures.projectId, projectId), cursor === null ? undefined : lt(erasures.id, cursor)))
      .orderBy(desc(erasures.id))
      .limit(limit + 1);
    return pageOf(rows.map(rowToErasure), limit);
  }

  async listRunning(limit: number): Promise<readonly Erasure[]> {
    const rows = await this.#database
      .select()
      .from(erasures)
      .where(eq(erasures.status, "running"))
      .orderBy(asc(erasures.leasedUntil), asc(erasures.id))
      .limit(limit);
    return rows.map(rowToErasure);
  }

  async lease(
    id: string,
    now: number,
    until: number,
  ): Promise<{ readonly erasure: Erasure; readonly endUsers: readonly string[] } | null> {
    const isFree = sql`NOT EXISTS (SELECT 1 FROM ${erasures} AS other WHERE other.status = 'running' AND other.project_id = ${erasures}.project_id AND other.leased_until > ${now})`;
    const [row] = await this.#database
      .update(erasures)
      .set({ leasedUntil: until })
      .where(and(eq(erasures.id, id), eq(erasures.status, "running"), isFree))
      .returning();
    if (row === undefined) return null;
    const covered = await this.#database
      .select({ endUser: erasedEndUsers.endUser })
      .from(erasedEndUsers)
      .where(eq(erasedEndUsers.erasureId, id));
    return { erasure: rowToErasure(row), endUsers: covered.map(({ endUser }) => endUser) };
  }

  async save(
    { id, status, place, cursor, erased, releaseIds, finishedAt }: Erasure,
    leasedUntil: number,
  ): Promise<void> {
    await this.#database
      .update(erasures)
      .set({ status, place, cursor, erased, releaseIds, finishedAt, leasedUntil })
      .where(eq(erasures.id, id));
  }

  async prune(now: number, limit: number): Promise<number> {
    const isRunning = sql`EXISTS (SELECT 1 FROM ${erasures} WHERE ${erasures.id} = ${erasedEndUsers.erasureId} AND ${erasures.status} = 'running')`;
    const isAnyRunning = sql`EXISTS (SELECT 1 FROM ${erasures} WHERE ${erasures.status} = 'running')`;
    const [people, mistakes] = await this.#database.batch([
      this.#database
        .delete(erasedEndUsers)
        .where(
          sql`rowid IN (SELECT rowid FROM ${erasedEndUsers} WHERE ${erasedEndUsers.expiresAt} <= ${now} AND NOT ${isRunning} LIMIT ${limit})`,
        )
        .returning({ erasureId: erasedEndUsers.erasureId }),
      this.#database
        .delete(erasedMistakes)
        .where(
          sql`rowid IN (SELECT rowid FROM ${erasedMistakes} WHERE ${erasedMistakes.expiresAt} <= ${now} AND NOT ${isAnyRunning} LIMIT ${limit})`,
        )
        .returning({ mistakeId: erasedMistakes.mistakeId }),
    ]);
    return people.length + mistakes.length;
  }
}
