// Overrules on D1.
import { and, asc, count, desc, eq, gt, isNull, lt, type SQL, sql } from "drizzle-orm";
import type { AuditEntry } from "../../access/audit.ts";
import { audit } from "../../db/project-tables.ts";
import { overrules } from "../../db/policy-tables.ts";
import type { Page, PageRequest } from "../../lib/page.ts";
import type { Allowance } from "../../policy/allowance-schema.ts";
import type { Overrule } from "../../policy/overrule.ts";
import type { OverruleStore, Reversal } from "../../policy/overrule-store.ts";
import type { Database } from "./database.ts";
import { insertRows } from "./insert-rows.ts";
import { pageOf } from "./page-of.ts";

function active(projectId: string, now: number): SQL | undefined {
  return and(eq(overrules.projectId, projectId), isNull(overrules.revertedAt), gt(overrules.expiresAt, now));
}

export class D1OverruleStore implements OverruleStore {
  readonly #database: Database;

  constructor(database: Database) {
    this.#database = database;
  }

  async insertOverrule(overrule: Overrule, most: number, entry: AuditEntry): Promise<"inserted" | "too_many"> {
    const { projectId, id, createdAt } = overrule;
    const holding = this.#database.select({ overrules: count() }).from(overrules).where(active(projectId, createdAt));
    const isThere = sql`EXISTS (SELECT 1 FROM ${overrules} WHERE ${overrules.projectId} = ${projectId} AND ${overrules.id} = ${id})`;
    // One transaction, and the entry only beside the row.
    const [first, ...rest] = [
      ...insertRows(this.#database, overrules, [overrule], sql`(${holding}) < ${most}`),
      ...insertRows(this.#database, audit, [entry], isThere),
    ];
    if (first === undefined) throw new Error("there was nothing to insert");
    await this.#database.batch([first, ...rest]);
    return (await this.getOverrule(projectId, id)) === null ? "too_many" : "inserted";
  }

  async getOverrule(projectId: string, id: string): Promise<Overrule | null> {
    const [found] = await this.#database
      .select()
      .from(overrules)
      .where(and(eq(overrules.projectId, projectId), eq(overrules.id, id)));
    return found ?? null;
  }

  async latestOf(projectId: string, subjectId: string): Promise<Overrule | null> {
    const [found] = await this.#database
      .select()
      .from(overrules)
      .where(and(eq(overrules.projectId, projectId), eq(overrules.subjectId, subjectId), isNull(overrules.revertedAt)))
      .orderBy(desc(overrules.id))
      .limit(1);
    return found ?? null;
  }

  async listOverrules(projectId: string, page: PageRequest): Promise<Page<Overrule>> {
    const rows = await this.#database
      .select()
      .from(overrules)
      .where(and(eq(overrules.projectId, projectId), page.cursor === null ? undefined : lt(overrules.id, page.cursor)))
      .orderBy(desc(overrules.id))
      .limit(page.limit + 1);
    return pageOf(rows, page.limit);
  }

  async activeAllowances(projectId: string, now: number): Promise<readonly Allowance[]> {
    const rows = await this.#database
      .select({ allowances: overrules.allowances })
      .from(overrules)
      .where(active(projectId, now))
      .orderBy(asc(overrules.id));
    return rows.flatMap(({ allowances }) => allowances);
  }

  async revertOverrule({ projectId, id, keyId, at }: Reversal, entry: AuditEntry): Promise<boolean> {
    const open = and(eq(overrules.projectId, projectId), eq(overrules.id, id), isNull(overrules.revertedAt));
    const reverting = this.#database
      .update(overrules)
      .set({ revertedAt: at, revertedBy: keyId })
      .where(open)
      .returning({ id: overrules.id });
    const [first] = insertRows(this.#database, audit, [entry], sql`EXISTS (SELECT 1 FROM ${overrules} WHERE ${open})`);
    if (first === undefined) throw new Error("there was no entry to insert");
    // The entry first: it is written only while the overrule is still open.
    const [, changed] = await this.#database.batch([first, reverting]);
    return changed.length > 0;
  }
}
