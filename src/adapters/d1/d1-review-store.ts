// Reviews on D1: decisions and what follows of them.
import { and, asc, desc, eq, inArray, isNull, sql, type InferSelectModel, type SQL } from "drizzle-orm";
import type { AuditEntry } from "../../access/audit.ts";
import { mistakes, reviews } from "../../db/mistake-tables.ts";
import { audit } from "../../db/project-tables.ts";
import { reviewQueue } from "../../db/review-tables.ts";
import type {
  BulkSelection,
  Decision,
  RefusedReview,
  ReviewStore,
  ScoredMistake,
  Selected,
  Standing,
} from "../../mistake/review-store.ts";
import type { Review } from "../../mistake/review.ts";
import { among } from "./among.ts";
import { FREE } from "./d1-review-queue.ts";
import type { Database } from "./database.ts";
import { decideStatements } from "./decide-statements.ts";
import { insertRows } from "./insert-rows.ts";
import { verdictOf } from "./mistake-rows.ts";
import { countVoices, hasDecided, matches, OUT_OF_QUARANTINE, UNDECIDED_STATE } from "./review-conditions.ts";

type ReviewRow = InferSelectModel<typeof reviews>;

function rowToReview(row: ReviewRow): Review {
  return { ...row };
}

/** What only a reporter says that the model said teaches no threshold; a unary plus keeps the columns from choosing the index. */
const OF_THE_MODEL = sql`NOT (+${mistakes.source} = 'feedback' AND +${mistakes.completionId} = '')`;

export class D1ReviewStore implements ReviewStore {
  readonly #database: Database;

  constructor(database: Database) {
    this.#database = database;
  }

  async decide(decision: Decision): Promise<readonly Standing[]> {
    const [review] = decision.reviews;
    if (review === undefined) return [];
    const { projectId } = review;
    const [first, ...rest] = decideStatements(this.#database, projectId, decision);
    if (first === undefined) return [];
    await this.#database.batch([first, ...rest]);
    const ids = decision.reviews.map(({ id }) => id);
    const made = await this.#database
      .select({ mistakeId: reviews.mistakeId })
      .from(reviews)
      // By their ids alone: with the project named too, SQLite walks all reviews of the project.
      .where(among(reviews.id, ids));
    return await this.standingOf(
      projectId,
      made.map(({ mistakeId }) => mistakeId),
      decision.voices,
    );
  }

  async refusal(
    projectId: string,
    mistakeId: string,
    { leaseId, now }: Pick<Decision, "leaseId" | "now">,
  ): Promise<RefusedReview> {
    const [found] = await this.#database
      .select({ releaseId: mistakes.releaseId, leaseId: reviewQueue.leaseId, expiresAt: reviewQueue.leaseExpiresAt })
      .from(mistakes)
      .leftJoin(reviewQueue, eq(reviewQueue.mistakeId, mistakes.id))
      .where(and(eq(mistakes.projectId, projectId), eq(mistakes.id, mistakeId)));
    if (found === undefined) return "not_found";
    if (found.releaseId !== null) return "already_released";
    return found.leaseId !== leaseId && (found.expiresAt ?? 0) > now ? "leased" : "lease_lost";
  }

  async reopenReviewed(projectId: string, mistakeId: string, now: number, entry: AuditEntry): Promise<boolean> {
    const decided = and(
      eq(mistakes.projectId, projectId),
      eq(mistakes.id, mistakeId),
      inArray(mistakes.state, ["confirmed", "dismissed"]),
      isNull(mistakes.releaseId),
    );
    const isDecided = sql`EXISTS (SELECT 1 FROM ${mistakes} WHERE ${decided})`;
    const row = { mistakeId, projectId, priority: 1, reason: "reopened", enqueuedAt: now, ...FREE };
    const [entered, ...queued] = [
      ...insertRows(this.#database, audit, [entry], isDecided),
      ...insertRows(this.#database, reviewQueue, [row], isDecided),
    ];
    if (entered === undefined) throw new Error("there was no entry to insert");
    const results = await this.#database.batch([
      entered,
      ...queued,
      this.#database
        .update(reviews)
        .set({ standing: false })
        .where(and(eq(reviews.projectId, projectId), eq(reviews.mistakeId, mistakeId), isDecided)),
      this.#database.update(mistakes).set({ state: UNDECIDED_STATE }).where(decided),
    ]);
    return results[0].meta.changes > 0;
  }

  async listReviews(projectId: string, mistakeId: string): Promise<readonly Review[]> {
    const rows = await this.#database
      .select()
      .from(reviews)
      .where(and(eq(reviews.projectId, projectId), eq(reviews.mistakeId, mistakeId)))
      .orderBy(asc(reviews.id));
    return rows.map(rowToReview);
  }

  async standingOf(
    projectId: string,
    ids: readonly string[],
    voices: Decision["voices"],
  ): Promise<readonly Standing[]> {
    // By its table's name, which drizzle would leave out: inside the count `id` is another table's.
    const id = sql.raw("mistakes.id");
    return await this.#database
      .select({
        mistakeId: mistakes.id,
        state: mistakes.state,
        confirmations: countVoices(projectId, id, voices, "confirm"),
        dismissals: countVoices(projectId, id, voices, "dismiss"),
      })
      .from(mistakes)
      .where(and(eq(mistakes.projectId, projectId), among(mistakes.id, ids)))
      .orderBy(asc(mistakes.id));
  }

  async countSelected(selection: BulkSelection, most: number): Promise<number> {
    const [row] = await this.#database
      .select({
        selected: sql<number>`(SELECT count(*) FROM (SELECT 1 ${this.#selected(selection)} LIMIT ${most + 1}))`,
      })
      .from(sql`(SELECT 1)`);
    return row?.selected ?? 0;
  }

  async listSelected(selection: BulkSelection, limit: number): Promise<readonly Selected[]> {
    return await this.#database
      .select({
        ...{ id: mistakes.id, source: mistakes.source, categories: mistakes.categories },
        required: sql<number>`coalesce((
          SELECT max(r.required) FROM ${reviews} AS r WHERE r.project_id = ${selection.projectId} AND r.mistake_id = mistakes.id
        ), 1)`,
      })
      .from(mistakes)
      .where(sql`${mistakes.id} IN (SELECT m.id ${this.#selected(selection)} ORDER BY m.id LIMIT ${limit})`)
      .orderBy(asc(mistakes.id));
  }

  async listScored(projectId: string, limit: number): Promise<readonly ScoredMistake[]> {
    const ofState = (state: "confirmed" | "released" | "dismissed") =>
      this.#database
        .select({ id: mistakes.id, state: mistakes.state, verdicts: mistakes.verdicts })
        .from(mistakes)
        .where(and(eq(mistakes.projectId, projectId), eq(mistakes.state, state), OF_THE_MODEL))
        .orderBy(desc(mistakes.id))
        .limit(limit);
    const [confirmed, released, dismissed] = await this.#database.batch([
      ofState("confirmed"),
      ofState("released"),
      ofState("dismissed"),
    ]);
    return [...confirmed, ...released, ...dismissed]
      .toSorted((left, right) => (left.id < right.id ? 1 : -1))
      .map(({ state, verdicts }) => ({ isMistake: state !== "dismissed", verdicts: verdicts.map(verdictOf) }));
  }

  #selected({ projectId, state, filter, until, decision, voice, voices, now }: BulkSelection): SQL {
    return sql`FROM ${mistakes} AS m
      WHERE m.project_id = ${projectId} AND m.state = ${state} AND m.id <= ${until} AND m.release_id IS NULL
        AND ${filter.quarantine === undefined ? OUT_OF_QUARANTINE : sql`true`} AND ${matches(filter)} AND NOT ${hasDecided(voice, voices, [decision])}
        AND NOT EXISTS (SELECT 1 FROM ${reviewQueue} AS q WHERE q.mistake_id = m.id AND q.lease_expires_at > ${now})`;
  }
}
