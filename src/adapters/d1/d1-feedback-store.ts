// Feedback on D1. Law: that one voice stands once is an index's to keep, not ours.
import { and, count, desc, eq, isNotNull, isNull, lt, sql, type SQL } from "drizzle-orm";
import { feedback } from "../../db/feedback-tables.ts";
import { idFloor } from "../../lib/ids.ts";
import type { Page, PageRequest } from "../../lib/page.ts";
import { SUBJECT_CHARACTERS } from "../../mistake/feedback-subject.ts";
import type { FeedbackFilter, FeedbackStore, KnownSubject } from "../../mistake/feedback-store.ts";
import type { Feedback, FeedbackOutcome, VoiceCount } from "../../mistake/feedback.ts";
import { among } from "./among.ts";
import type { Database } from "./database.ts";
import { insertRows } from "./insert-rows.ts";
import { pageOf } from "./page-of.ts";

export class D1FeedbackStore implements FeedbackStore {
  readonly #database: Database;

  constructor(database: Database) {
    this.#database = database;
  }

  async standing(projectId: string, subject: string, voices: readonly string[]): Promise<Feedback | null> {
    const [found] = await this.#database
      .select()
      .from(feedback)
      .where(
        and(
          eq(feedback.projectId, projectId),
          eq(feedback.subject, subject),
          among(feedback.voice, voices),
          isNull(feedback.replacedBy),
        ),
      )
      .orderBy(desc(feedback.id))
      .limit(1);
    return found ?? null;
  }

  async byIdempotencyHash(projectId: string, hash: string): Promise<Feedback | null> {
    const [found] = await this.#database
      .select()
      .from(feedback)
      .where(and(eq(feedback.projectId, projectId), eq(feedback.idempotencyHash, hash)));
    return found ?? null;
  }

  async record(given: Feedback, replaces: string | null): Promise<Feedback> {
    const { projectId, id, subject, voice, mistakeId } = given;
    const replacing = this.#database
      .update(feedback)
      .set({ replacedBy: id })
      .where(and(this.#named(projectId, replaces ?? ""), isNull(feedback.replacedBy)));
    // What was replaced by another request meanwhile is not replaced again, so that this one finds the voice taken.
    const isFree = sql`${replaces} IS NULL OR EXISTS (SELECT 1 FROM ${feedback} WHERE ${this.#named(projectId, replaces ?? "")} AND ${feedback.replacedBy} = ${id})`;
    const [inserting] = insertRows(this.#database, feedback, [given], isFree);
    if (inserting === undefined) throw new Error("there was nothing to insert");
    const known = this.#firstNamed(projectId, subject, (mistakeId ?? "").slice(-SUBJECT_CHARACTERS));
    const naming = this.#database
      .update(feedback)
      .set({
        mistakeId: sql`CASE WHEN ${feedback.mistakeId} IS NULL THEN NULL ELSE (SELECT mistake_id FROM (${known})) END`,
        exchangeId: sql`CASE WHEN ${feedback.exchangeId} IS NULL THEN NULL ELSE (SELECT exchange_id FROM (${known})) END`,
      })
      .where(this.#named(projectId, id));
    // One transaction.
    await this.#database.batch([replacing, inserting, naming]);
    const stands = await this.standing(projectId, subject, [voice]);
    if (stands === null) throw new Error(`the feedback ${id} was not kept`);
    return stands;
  }

  async known(projectId: string, subject: string, ending: string): Promise<KnownSubject> {
    const [found] = await this.#firstNamed(projectId, subject, ending, isNotNull(feedback.outcome));
    return { mistakeId: found?.mistakeId ?? null, exchangeId: found?.exchangeId ?? null };
  }

  async revise(
    projectId: string,
    id: string,
    { category, comment, correction }: Pick<Feedback, "category" | "comment" | "correction">,
  ): Promise<void> {
    await this.#database.update(feedback).set({ category, comment, correction }).where(this.#named(projectId, id));
  }

  async settle(projectId: string, id: string, outcome: FeedbackOutcome, mistakeId: string | null): Promise<void> {
    await this.#database.update(feedback).set({ outcome, mistakeId }).where(this.#named(projectId, id));
  }

  async voices(projectId: string, mistakeId: string): Promise<VoiceCount> {
    const rows = await this.#database
      .select({ label: feedback.label, voices: count() })
      .from(feedback)
      .where(and(eq(feedback.projectId, projectId), eq(feedback.mistakeId, mistakeId), isNull(feedback.replacedBy)))
      .groupBy(feedback.label);
    return { mistake: 0, good: 0, over_refusal: 0, ...Object.fromEntries(rows.map((row) => [row.label, row.voices])) };
  }

  async deleteExpiredFeedback(projectId: string, before: number, limit: number): Promise<number> {
    // What became a recurrence goes with the mistake that it repeats.
    const old = sql`SELECT f.id FROM ${feedback} AS f WHERE f.project_id = ${projectId} AND f.id < ${idFloor("fbk", before)}
      AND NOT EXISTS (SELECT 1 FROM mistakes WHERE mistakes.id = f.mistake_id)
      AND NOT EXISTS (SELECT 1 FROM recurrences WHERE recurrences.id = f.mistake_id) ORDER BY f.id LIMIT ${limit}`;
    const { meta } = await this.#database.delete(feedback).where(sql`${feedback.id} IN (${old})`);
    return meta.changes;
  }

  async list(projectId: string, filter: FeedbackFilter, page: PageRequest): Promise<Page<Feedback>> {
    const { label, outcome, mistakeId } = filter;
    const rows = await this.#database
      .select()
      .from(feedback)
      .where(
        and(
          eq(feedback.projectId, projectId),
          label === undefined ? undefined : eq(feedback.label, label),
          outcome === undefined ? undefined : eq(feedback.outcome, outcome),
          mistakeId === undefined ? undefined : eq(feedback.mistakeId, mistakeId),
          page.cursor === null ? undefined : lt(feedback.id, page.cursor),
        ),
      )
      .orderBy(desc(feedback.id))
      .limit(page.limit + 1);
    return pageOf(rows, page.limit);
  }

  #named(projectId: string, id: string): SQL | undefined {
    return and(eq(feedback.projectId, projectId), eq(feedback.id, id));
  }

  /** Ids sort by time: the least one is the first. */
  #firstNamed(projectId: string, subject: string, ending: string, condition?: SQL) {
    const hasEnding = sql`substr(${feedback.mistakeId}, ${-SUBJECT_CHARACTERS}) = ${ending}`;
    return this.#database
      .select({
        mistakeId: sql<string | null>`MIN(CASE WHEN ${hasEnding} THEN ${feedback.mistakeId} END)`.as("mistake_id"),
        exchangeId: sql<string | null>`MIN(${feedback.exchangeId})`.as("exchange_id"),
      })
      .from(feedback)
      .where(and(eq(feedback.projectId, projectId), eq(feedback.subject, subject), condition));
  }
}
