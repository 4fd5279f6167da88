// The mistake store on D1, with exchanges that were too large for a row in the object store.
import { and, asc, desc, eq, gt, gte, inArray, isNull, lt, not, sql, type SQL } from "drizzle-orm";
import { analyses, attacks, mistakes, reviews } from "../../db/mistake-tables.ts";
import type { ObjectStore } from "../../lib/object-store.ts";
import type { Page, PageRequest } from "../../lib/page.ts";
import type {
  AttackFilter,
  Captured,
  MistakeFilter,
  MistakeStore,
  MistakeWithAnalyses,
  ReviewOutcome,
} from "../../mistake/mistake-store.ts";
import type { Analysis, Attack, MistakeState, Quarantine } from "../../mistake/mistake.ts";
import type { ConditionalEntry } from "../../mistake/review-queue.ts";
import { plainReview, type SettlingReview } from "../../mistake/review.ts";
import { storedExchangeSchema, storedMessagesSchema } from "../../mistake/captured-schema.ts";
import { GONE_EXCHANGE, readStoredTexts } from "../../mistake/stored-texts.ts";
import { among } from "./among.ts";
import type { Database } from "./database.ts";
import { dropKeptOut } from "./drop-kept-out.ts";
import { enqueueStatements } from "./enqueue-statements.ts";
import { filteredIds, idRange } from "./filtered-ids.ts";
import { insertCapturedStatements } from "./insert-captured.ts";
import { insertRows } from "./insert-rows.ts";
import { rowToAnalysis, rowToAttack, rowToMistake, type AttackRow, type MistakeRow } from "./mistake-rows.ts";
import { pageOf } from "./page-of.ts";

/** As literals: a partial index serves a query that repeats its condition, and nobody can tell what a parameter will say. */
const CONFIRMED = sql`${mistakes.state} = 'confirmed'`;
const RELEASED = sql`${mistakes.state} = 'released'`;

export class D1MistakeStore implements MistakeStore {
  readonly #database: Database;
  readonly #objects: ObjectStore;

  constructor(database: Database, objects: ObjectStore) {
    this.#database = database;
    this.#objects = objects;
  }

  async insertCaptured(captured: readonly Captured[], entries: readonly ConditionalEntry[] = []): Promise<void> {
    const [first, ...rest] = [
      ...insertCapturedStatements(this.#database, captured),
      ...enqueueStatements(this.#database, entries),
    ];
    if (first !== undefined) await this.#database.batch([first, ...rest]);
    await dropKeptOut(this.#database, this.#objects, captured);
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
    const ids = filteredIds(projectId, filter, idRange("mis", filter, page.cursor), page.limit + 1);
    const rows = await this.#database
      .select()
      .from(mistakes)
      .where(sql`${mistakes.id} IN (${ids})`)
      .orderBy(desc(mistakes.id));
    const { items, hasMore } = pageOf(rows, page.limit);
    return { items: await this.#withAnalyses(projectId, items), hasMore };
  }

  async listAttacks(projectId: string, page: PageRequest, filter: AttackFilter = {}): Promise<Page<Attack>> {
    const { from, to } = idRange("atk", filter, page.cursor);
    // Ids first, from the index alone: for whole rows SQLite prefers the project's index, and reads every row of it for a rare key.
    const ids = this.#database
      .select({ id: attacks.id })
      .from(attacks)
      .where(
        and(
          eq(attacks.projectId, projectId),
          filter.keyId === undefined ? undefined : eq(attacks.keyId, filter.keyId),
          gte(attacks.id, from),
          lt(attacks.id, to),
        ),
      )
      .orderBy(desc(attacks.id))
      .limit(page.limit + 1);
    const rows = await this.#database.select().from(attacks).where(inArray(attacks.id, ids)).orderBy(desc(attacks.id));
    const { items, hasMore } = pageOf(rows, page.limit);
    return { items: await this.#wholeAttacks(items), hasMore };
  }

  async getAttack(projectId: string, id: string): Promise<Attack | null> {
    const rows = await this.#database
      .select()
      .from(attacks)
      .where(and(eq(attacks.projectId, projectId), eq(attacks.id, id)));
    const [found] = await this.#wholeAttacks(rows);
    return found ?? null;
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

  async claimForRelease(
    projectId: string,
    releaseId: string,
    limit: number,
    after: string | null = null,
  ): Promise<void> {
    const analysed = sql`EXISTS (SELECT 1 FROM ${analyses} WHERE ${analyses.projectId} = ${mistakes.projectId} AND ${analyses.mistakeId} = ${mistakes.id} AND (${analyses.quality} IS NULL OR ${analyses.quality} = '[]'))`;
    const usable = sql`(${mistakes.correction} IS NOT NULL OR ${analysed})`;
    const claimable = this.#database
      .select({ id: mistakes.id })
      .from(mistakes)
      .where(
        and(
          ...[eq(mistakes.projectId, projectId), CONFIRMED],
          ...[isNull(mistakes.releaseId), isNull(mistakes.quarantine), usable],
          after === null ? undefined : gt(mistakes.id, after),
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
    const after = options.after === null ? undefined : gt(mistakes.id, options.after);
    const oldest = (condition: SQL): SQL =>
      sql`SELECT id FROM (SELECT ${mistakes.id} FROM ${mistakes} WHERE ${and(eq(mistakes.projectId, projectId), condition, after)} ORDER BY ${mistakes.id} LIMIT ${options.limit})`;
    const claimed = oldest(eq(mistakes.releaseId, releaseId));
    // Each along an index of its own: no index is in order for one or the other.
    const ids = options.includeReleased ? sql`${claimed} UNION ${oldest(RELEASED)}` : claimed;
    const rows = await this.#database
      .select()
      .from(mistakes)
      .where(sql`${mistakes.id} IN (${ids})`)
      .orderBy(asc(mistakes.id))
      .limit(options.limit);
    return await this.#withAnalyses(projectId, rows);
  }

  async #wholeAttacks(rows: readonly AttackRow[]): Promise<readonly Attack[]> {
    const texts = await this.#textsOf(rows.map(({ messagesKey }) => messagesKey));
    return rows.map((row) =>
      rowToAttack(row, row.messages ?? storedMessagesSchema.parse(texts(row.messagesKey) ?? [])),
    );
  }

  async #withAnalyses(projectId: string, rows: readonly MistakeRow[]): Promise<readonly MistakeWithAnalyses[]> {
    if (rows.length === 0) return [];
    const ids = rows.map(({ id }) => id);
    const found = await this.#database
      .select()
      .from(analyses)
      .where(and(eq(analyses.projectId, projectId), among(analyses.mistakeId, ids)))
      // With the plus, no index is in this order: along the project's SQLite would walk all its analyses.
      .orderBy(sql`+${analyses.id}`);
    const texts = await this.#textsOf(rows.map(({ exchangeKey }) => exchangeKey));
    return rows.map((row) => ({
      mistake: rowToMistake(row, row.exchange ?? storedExchangeSchema.parse(texts(row.exchangeKey) ?? GONE_EXCHANGE)),
      analyses: found.filter(({ mistakeId }) => mistakeId === row.id).map(rowToAnalysis),
    }));
  }

  /** What lies under each key; null for what is gone. */
  async #textsOf(keys: readonly (string | null)[]): Promise<(key: string | null) => unknown> {
    const named = keys.filter((key) => key !== null);
    const texts = named.length === 0 ? new Map<string, string>() : await readStoredTexts(this.#objects, named);
    return (key) => {
      const text = key === null ? undefined : texts.get(key);
      const value: unknown = text === undefined ? null : JSON.parse(text);
      return value;
    };
  }
}
