// Induction runs on D1. Law: every statement asks again for the project, and whether the run is running.
import { and, count, desc, eq, isNotNull, isNull, lt, sql } from "drizzle-orm";
import { inductionAttempts, inductionRuns } from "../../db/induction-tables.ts";
import type { Page, PageRequest } from "../../lib/page.ts";
import type { InductionRun, InductionTally } from "../../mistake/induction-run.ts";
import type { BegunAttempt, EndedAttempt, InductionStore } from "../../mistake/induction-store.ts";
import type { Database } from "./database.ts";
import { pageOf } from "./page-of.ts";

export class D1InductionStore implements InductionStore {
  readonly #database: Database;

  constructor(database: Database) {
    this.#database = database;
  }

  async insert(run: InductionRun): Promise<void> {
    await this.#database.insert(inductionRuns).values(run);
  }

  async get(projectId: string, id: string): Promise<InductionRun | null> {
    const [found] = await this.#database
      .select()
      .from(inductionRuns)
      .where(and(eq(inductionRuns.projectId, projectId), eq(inductionRuns.id, id)));
    return found ?? null;
  }

  async list(projectId: string, { limit, cursor }: PageRequest): Promise<Page<InductionRun>> {
    const rows = await this.#database
      .select()
      .from(inductionRuns)
      .where(and(eq(inductionRuns.projectId, projectId), cursor === null ? undefined : lt(inductionRuns.id, cursor)))
      .orderBy(desc(inductionRuns.id))
      .limit(limit + 1);
    return pageOf(rows, limit);
  }

  async begin(projectId: string, runId: string, { index, technique, arm, calls }: BegunAttempt): Promise<boolean> {
    const rows = await this.#database
      .insert(inductionAttempts)
      .select(
        sql`SELECT ${runId}, ${index}, ${projectId}, ${technique}, ${arm}, NULL, ${calls}, NULL FROM induction_runs WHERE induction_runs.id = ${runId} AND induction_runs.project_id = ${projectId} AND induction_runs.status = 'running'`,
      )
      .onConflictDoUpdate({
        target: [inductionAttempts.runId, inductionAttempts.attempt],
        set: { calls: sql`calls + excluded.calls` },
        setWhere: isNull(inductionAttempts.outcome),
      })
      .returning({ attempt: inductionAttempts.attempt });
    return rows.length > 0;
  }

  async finish(
    projectId: string,
    runId: string,
    { index, calls: kept }: BegunAttempt,
    { outcome, calls, mistakeId }: EndedAttempt,
  ): Promise<void> {
    await this.#database
      .update(inductionAttempts)
      .set({ outcome, mistakeId, calls: sql`calls - ${kept} + ${calls}` })
      .where(
        and(
          eq(inductionAttempts.projectId, projectId),
          eq(inductionAttempts.runId, runId),
          eq(inductionAttempts.attempt, index),
          isNull(inductionAttempts.outcome),
        ),
      );
  }

  async spent(projectId: string, runId: string): Promise<number> {
    const [row] = await this.#database
      .select({ spent: sql<number>`coalesce(sum(calls), 0)` })
      .from(inductionAttempts)
      .where(and(eq(inductionAttempts.projectId, projectId), eq(inductionAttempts.runId, runId)));
    return row?.spent ?? 0;
  }

  async tallies(projectId: string, runId: string): Promise<readonly InductionTally[]> {
    const { technique, arm, outcome } = inductionAttempts;
    const rows = await this.#database
      .select({ technique, arm, outcome, count: count(), calls: sql<number>`sum(calls)` })
      .from(inductionAttempts)
      .where(and(eq(inductionAttempts.projectId, projectId), eq(inductionAttempts.runId, runId), isNotNull(outcome)))
      .groupBy(technique, arm, outcome)
      .orderBy(technique, arm, outcome);
    return rows.flatMap((row) => (row.outcome === null ? [] : [{ ...row, outcome: row.outcome }]));
  }

  async end(
    projectId: string,
    id: string,
    { status, failure, at }: Parameters<InductionStore["end"]>[2],
  ): Promise<boolean> {
    const rows = await this.#database
      .update(inductionRuns)
      .set({ status, failure, endedAt: at })
      .where(and(eq(inductionRuns.projectId, projectId), eq(inductionRuns.id, id), eq(inductionRuns.status, "running")))
      .returning({ id: inductionRuns.id });
    return rows.length > 0;
  }
}
