// Candidates and their trials on D1.
import { and, asc, desc, eq, lt, sql } from "drizzle-orm";
import type { AuditEntry } from "../../access/audit.ts";
import { candidates, trialCounts } from "../../db/candidate-tables.ts";
import { audit } from "../../db/project-tables.ts";
import type { Page, PageRequest } from "../../lib/page.ts";
import { NO_TRIALS, type TrialCounts } from "../../release/canary-gate.ts";
import type { CandidateChange, CandidatesInUse, CandidateStore } from "../../release/candidate-store.ts";
import type { Candidate } from "../../release/candidate.ts";
import { among } from "./among.ts";
import type { Database } from "./database.ts";
import { insertRows } from "./insert-rows.ts";
import { pageOf } from "./page-of.ts";

/** As literals, so that the partial indexes serve them. */
const IN_CANARY = sql`${candidates.state} = 'canary'`;
const PROMOTED = sql`${candidates.state} = 'promoted'`;

export class D1CandidateStore implements CandidateStore {
  readonly #database: Database;

  constructor(database: Database) {
    this.#database = database;
  }

  async insertCandidate(candidate: Candidate, entry: AuditEntry): Promise<void> {
    const [first, ...rest] = [
      ...insertRows(this.#database, candidates, [candidate]),
      ...insertRows(this.#database, audit, [entry]),
    ];
    if (first !== undefined) await this.#database.batch([first, ...rest]);
  }

  async getCandidate(projectId: string, id: string): Promise<Candidate | null> {
    const [found] = await this.#database
      .select()
      .from(candidates)
      .where(and(eq(candidates.projectId, projectId), eq(candidates.id, id)));
    return found ?? null;
  }

  async listCandidates(projectId: string, page: PageRequest): Promise<Page<Candidate>> {
    const rows = await this.#database
      .select()
      .from(candidates)
      .where(
        and(eq(candidates.projectId, projectId), page.cursor === null ? undefined : lt(candidates.id, page.cursor)),
      )
      .orderBy(desc(candidates.id))
      .limit(page.limit + 1);
    return pageOf(rows, page.limit);
  }

  async changeCandidate({ projectId, id, from, to }: CandidateChange, entry: AuditEntry): Promise<boolean> {
    const other = sql`EXISTS (SELECT 1 FROM candidates AS other WHERE other.project_id = ${projectId} AND other.state = 'canary' AND other.id <> ${id})`;
    const open = and(
      ...[eq(candidates.projectId, projectId), eq(candidates.id, id), among(candidates.state, from)],
      ...(to.state === "canary" ? [sql`NOT ${other}`] : []),
    );
    const isOpen = sql`EXISTS (SELECT 1 FROM ${candidates} WHERE ${open})`;
    const [written] = insertRows(this.#database, audit, [entry], isOpen);
    if (written === undefined) throw new Error("there was no entry to insert");
    // The entry first: it is written only while the change may still be made.
    const [, changed] = await this.#database.batch([
      written,
      this.#database.update(candidates).set(to).where(open).returning({ id: candidates.id }),
    ]);
    return changed.length > 0;
  }

  async inUse(projectId: string): Promise<CandidatesInUse> {
    const ofProject = eq(candidates.projectId, projectId);
    const [promoted, canary] = await this.#database.batch([
      this.#database
        .select()
        .from(candidates)
        .where(and(ofProject, PROMOTED))
        .orderBy(desc(candidates.decidedAt))
        .limit(1),
      this.#database.select().from(candidates).where(and(ofProject, IN_CANARY)).limit(1),
    ]);
    return { promoted: promoted[0] ?? null, canary: canary[0] ?? null };
  }

  async listCanaries(limit: number): Promise<readonly Candidate[]> {
    return await this.#database.select().from(candidates).where(IN_CANARY).orderBy(asc(candidates.id)).limit(limit);
  }

  async trialCounts(projectId: string, candidateId: string): Promise<TrialCounts> {
    const rows = await this.#database
      .select()
      .from(trialCounts)
      .where(and(eq(trialCounts.projectId, projectId), eq(trialCounts.candidateId, candidateId)));
    return rows.reduce<TrialCounts>(
      (counts, { arm, outcome, count }) => ({ ...counts, [arm]: { ...counts[arm], [outcome]: count } }),
      NO_TRIALS,
    );
  }
}
