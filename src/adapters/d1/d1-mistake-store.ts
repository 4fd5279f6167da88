// The mistake store on D1, with exchanges that were too large for a row in the object store.
import { and, asc, desc, eq, gt, inArray, isNull, lt, not, or, sql } from "drizzle-orm";
import { keptExchanges } from "../../db/feedback-tables.ts";
import { analyses, attacks, mistakes, reviews } from "../../db/mistake-tables.ts";
import type { ObjectStore } from "../../lib/object-store.ts";
import type { Page, PageRequest } from "../../lib/page.ts";
import type {
  Captured,
  MistakeFilter,
  MistakeStore,
  MistakeWithAnalyses,
  ReviewOutcome,
} from "../../mistake/mistake-store.ts";
import type { Analysis, Attack, MistakeState, Quarantine } from "../../mistake/mistake.ts";
import { plainReview, type SettlingReview } from "../../mistake/review.ts";
import { storedExchangeSchema, storedMessagesSchema } from "../../mistake/captured-schema.ts";
import type { SubjectRecord } from "../../mistake/subject-records.ts";
import { among } from "./among.ts";
import type { Database } from "./database.ts";
import { NOT_ERASED } from "./erased-condition.ts";
import { insertCapturedStatements } from "./insert-captured.ts";
import { insertRows } from "./insert-rows.ts";
import { keptToRow } from "./kept-exchange-rows.ts";
import {
  attackToRow,
  mistakeToRow,
  rowToAnalysis,
  rowToAttack,
  rowToMistake,
  type AttackRow,
  type MistakeRow,
} from "./mistake-rows.ts";
import { pageOf } from "./page-of.ts";

interface SpilledRow extends SubjectRecord {
  readonly endUser: string | null;
}

export class D1MistakeStore implements MistakeStore {
  readonly #database: Database;
  readonly #objects: ObjectStore;

  constructor(database: Database, objects: ObjectStore) {
    this.#database = database;
    this.#objects = objects;
  }

  async insertCaptured(captured: readonly Captured[]): Promise<void> {
    const [first, ...rest] = insertCapturedStatements(this.#database, captured);
    if (first !== undefined) await this.#database.batch([first, ...rest]);
    const mistakeRows = captured.flatMap((item) => (item.type === "mistake" ? [mistakeToRow(item)] : []));
    const attackRows = captured.flatMap((item) => (item.type === "attack" ? [attackToRow(item)] : []));
    const keptRows = captured.flatMap((item) => (item.type === "exchange" ? [keptToRow(item)] : []));
    for (const statement of insertRows(this.#database, keptExchanges, keptRows, NOT_ERASED)) await statement;
    await this.#dropObjects(
      mistakes,
      mistakeRows.map(({ id, endUser, exchangeKey }) => ({ id, endUser, objectKey: exchangeKey })),
    );
    await this.#dropObjects(
      attacks,
      attackRows.map(({ id, endUser, messagesKey }) => ({ id, endUser, objectKey: messagesKey })),
    );
    await this.#dropObjects(
      keptExchanges,
      keptRows.map(({ id, endUser, exchangeKey }) => ({ id, endUser, objectKey: exchangeKey })),
    );
  }

  async get(projectId: string, id: string): Promise<MistakeWithAnalyses | null> {
    const repeated = sql`(SELECT mistake_id FROM recurrences WHERE recurrences.id = ${id})`;
    const rows = await this.#database
      .select()
      .from(mistakes)
      .where(and(eq(mistakes.projectId, projectId), sql`${mistakes.id} IN (${id}, ${repeated})`));
    const [found] = await this.#withAnalyses(projectId, rows);
    return found ?? null;
  }

  async idsOfCompletion(projectId: string, completionId: string, limit: number): Promise<readonly string[]> {
    const withheld = inArray(mistakes.action, ["redact", "repair", "block"]);
    const rows = await this.#database
      .select({ id: mistakes.id })
      .from(mistakes)
      .where(
        and(
          eq(mistakes.projectId, projectId),
          eq(mistakes.completionId, completionId),
          not(and(eq(mistakes.kind, "over_refusal"), eq(mistakes.source, "feedback"), withheld) ?? sql`false`),
        ),
      )
      .orderBy(desc(mistakes.id))
      .limit(limit);
    return rows.map(({ id }) => id);
  }

  async list(projectId: string, filter: MistakeFilter, page: PageRequest): Promise<Page<MistakeWithAnalyses>> {
    const rows = await this.#database
      .select()
      .from(mistakes)
      .where(
        and(
          eq(mistakes.projectId, projectId),
          filter.state === undefined ? undefined : eq(mistakes.state, filter.state),
          filter.source === undefined ? undefined : eq(mistakes.source, filter.source),
          filter.kind === undefined ? undefined : eq(mistakes.kind, filter.kind),
          filter.clusterId === undefined ? undefined : eq(mistakes.clusterId, filter.clusterId),
          filter.quarantine === undefined ? undefined : eq(mistakes.quarantine, filter.quarantine),
          page.cursor === null ? undefined : lt(mistakes.id, page.cursor),
        ),
      )
      .orderBy(desc(mistakes.id))
      .limit(page.limit + 1);
    const { items, hasMore } = pageOf(rows, page.limit);
    return { items: await this.#withAnalyses(projectId, items), hasMore };
  }

  async listAttacks(projectId: string, page: PageRequest): Promise<Page<Attack>> {
    const rows = await this.#database
      .select()
      .from(attacks)
      .where(and(eq(attacks.projectId, projectId), page.cursor === null ? undefined : lt(attacks.id, page.cursor)))
      .orderBy(desc(attacks.id))
      .limit(page.limit + 1);
    const { items, hasMore } = pageOf(rows, page.limit);
    return { items: await Promise.all(items.map(async (row) => await this.#wholeAttack(row))), hasMore };
  }

  async getAttack(projectId: string, id: string): Promise<Attack | null> {
    const [row] = await this.#database
      .select()
      .from(attacks)
      .where(and(eq(attacks.projectId, projectId), eq(attacks.id, id)));
    return row === undefined ? null : await this.#wholeAttack(row);
  }

  async markOverruled(projectId: string, attackId: string, overruleId: string): Promise<void> {
    await this.#database
      .update(attacks)
      .set({ overruledBy: overruleId })
      .where(and(eq(attacks.projectId, projectId), eq(attacks.id, attackId)));
  }

  async unmarkOverruled(projectId: string, attackId: string, overruleId: string): Promise<void> {
    await this.#database
      .update(attacks)
      .set({ overruledBy: null })
      .where(and(eq(attacks.projectId, projectId), eq(attacks.id, attackId), eq(attacks.overruledBy, overruleId)));
  }

  async addAnalysis(analysis: Analysis): Promise<void> {
    const isThere = sql`EXISTS (SELECT 1 FROM ${mistakes} WHERE ${mistakes.projectId} = ${analysis.projectId} AND ${mistakes.id} = ${analysis.mistakeId})`;
    await this.#database.batch([
      this.#database
        .update(mistakes)
        .set({ state: "analysed" })
        .where(
          and(
            eq(mistakes.projectId, analysis.projectId),
            eq(mistakes.id, analysis.mistakeId),
            eq(mistakes.state, "captured"),
          ),
        ),
      ...insertRows(this.#database, analyses, [analysis], isThere),
    ]);
  }

  async review(review: SettlingReview): Promise<ReviewOutcome> {
    const confirmed = { state: "confirmed", quarantine: null } as const;
    const changes = review.decision === "confirm" ? confirmed : ({ state: "dismissed" } as const);
    const mine = and(eq(mistakes.projectId, review.projectId), eq(mistakes.id, review.mistakeId));
    const reviewable = and(mine, isNull(mistakes.releaseId));
    const [changed] = await this.#database.batch([
      this.#database.update(mistakes).set(changes).where(reviewable).returning({ id: mistakes.id }),
      ...insertRows(
        this.#database,
        reviews,
        [plainReview(review)],
        sql`EXISTS (SELECT 1 FROM ${mistakes} WHERE ${reviewable})`,
      ),
    ]);
    if (changed.length === 0) {
      const found = await this.#database.select({ id: mistakes.id }).from(mistakes).where(mine);
      return found.length === 0 ? "not_found" : "already_released";
    }
    return "reviewed";
  }

  async hold(projectId: string, id: string, reason: Quarantine): Promise<void> {
    const open = inArray(mistakes.state, ["captured", "analysed"]);
    await this.#database
      .update(mistakes)
      .set({ quarantine: reason })
      .where(
        and(
          ...[eq(mistakes.projectId, projectId), eq(mistakes.id, id), open],
          ...[isNull(mistakes.quarantine), isNull(mistakes.releaseId)],
        ),
      );
  }

  async reopen(projectId: string, id: string, state: MistakeState): Promise<void> {
    const dismissed = and(
      eq(mistakes.projectId, projectId),
      eq(mistakes.id, id),
      eq(mistakes.state, "dismissed"),
      isNull(mistakes.releaseId),
    );
    const analysed = sql`EXISTS (SELECT 1 FROM ${analyses} WHERE ${analyses.projectId} = ${projectId} AND ${analyses.mistakeId} = ${id})`;
    const again = sql`CASE WHEN ${state} = 'captured' AND ${analysed} THEN 'analysed' ELSE ${state} END`;
    await this.#database.update(mistakes).set({ state: again }).where(dismissed);
  }

  async firstCapturedAt(projectId: string): Promise<number | null> {
    const [oldest] = await this.#database
      .select({ createdAt: mistakes.createdAt })
      .from(mistakes)
      .where(eq(mistakes.projectId, projectId))
      .orderBy(asc(mistakes.id))
      .limit(1);
    return oldest?.createdAt ?? null;
  }

  async claimForRelease(projectId: string, releaseId: string, limit: number): Promise<void> {
    const analysed = sql`EXISTS (SELECT 1 FROM ${analyses} WHERE ${analyses.projectId} = ${mistakes.projectId} AND ${analyses.mistakeId} = ${mistakes.id})`;
    const claimable = this.#database
      .select({ id: mistakes.id })
      .from(mistakes)
      .where(
        and(
          eq(mistakes.projectId, projectId),
          eq(mistakes.state, "confirmed"),
          isNull(mistakes.releaseId),
          isNull(mistakes.quarantine),
          analysed,
        ),
      )
      .orderBy(asc(mistakes.id))
      .limit(limit);
    await this.#database.update(mistakes).set({ releaseId }).where(inArray(mistakes.id, claimable));
  }

  async listClaimed(
    projectId: string,
    releaseId: string,
    options: { readonly after: string | null; readonly limit: number; readonly includeReleased: boolean },
  ): Promise<readonly MistakeWithAnalyses[]> {
    const claimed = eq(mistakes.releaseId, releaseId);
    const rows = await this.#database
      .select()
      .from(mistakes)
      .where(
        and(
          eq(mistakes.projectId, projectId),
          options.includeReleased ? or(claimed, eq(mistakes.state, "released")) : claimed,
          options.after === null ? undefined : gt(mistakes.id, options.after),
        ),
      )
      .orderBy(asc(mistakes.id))
      .limit(options.limit);
    return await this.#withAnalyses(projectId, rows);
  }

  /** What an erasure kept out may have left its text as an object. */
  async #dropObjects(table: typeof mistakes | typeof attacks | typeof keptExchanges, rows: readonly SpilledRow[]): Promise<void> {
    const spilled = rows.filter(({ endUser, objectKey }) => endUser !== null && objectKey !== null);
    if (spilled.length === 0) return;
    const ids = spilled.map(({ id }) => id);
    const stored = await this.#database.select({ id: table.id }).from(table).where(among(table.id, ids));
    const isStored = new Set(stored.map(({ id }) => id));
    for (const { id, objectKey } of spilled)
      if (objectKey !== null && !isStored.has(id)) await this.#objects.delete(objectKey);
  }

  async #wholeAttack(row: AttackRow): Promise<Attack> {
    return rowToAttack(row, row.messages ?? storedMessagesSchema.parse(await this.#readObject(row.messagesKey)));
  }

  async #withAnalyses(projectId: string, rows: readonly MistakeRow[]): Promise<readonly MistakeWithAnalyses[]> {
    if (rows.length === 0) return [];
    const ids = rows.map(({ id }) => id);
    const found = await this.#database
      .select()
      .from(analyses)
      .where(and(eq(analyses.projectId, projectId), among(analyses.mistakeId, ids)))
      .orderBy(asc(analyses.id));
    const whole = rows.map(async (row) => ({
      mistake: rowToMistake(row, row.exchange ?? storedExchangeSchema.parse(await this.#readObject(row.exchangeKey))),
      analyses: found.filter(({ mistakeId }) => mistakeId === row.id).map(rowToAnalysis),
    }));
    return await Promise.all(whole);
  }

  async #readObject(key: string | null): Promise<unknown> {
    const text = key === null ? null : await this.#objects.getText(key);
    if (text === null) throw new Error(`the object ${key ?? "without a key"} of a stored exchange is gone`);
    const value: unknown = JSON.parse(text);
    return value;
  }
}
