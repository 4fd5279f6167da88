// Candidates in memory. Law: held to the same contract as D1 (test/contract/candidate-store.ts).
import type { AuditEntry } from "../../src/access/audit.ts";
import type { UsageBatch } from "../../src/access/usage.ts";
import type { Page, PageRequest } from "../../src/lib/page.ts";
import { NO_TRIALS, type TrialCounts } from "../../src/release/canary-gate.ts";
import type { CandidateChange, CandidatesInUse, CandidateStore } from "../../src/release/candidate-store.ts";
import type { Candidate } from "../../src/release/candidate.ts";

export class InMemoryCandidateStore implements CandidateStore {
  readonly #candidates = new Map<string, Candidate>();
  readonly #batches = new Map<string, UsageBatch>();
  readonly entries: AuditEntry[] = [];

  async insertCandidate(candidate: Candidate, entry: AuditEntry): Promise<void> {
    await Promise.resolve();
    this.#candidates.set(candidate.id, candidate);
    this.entries.push(entry);
  }

  async getCandidate(projectId: string, id: string): Promise<Candidate | null> {
    await Promise.resolve();
    return this.#of(projectId).find((candidate) => candidate.id === id) ?? null;
  }

  async listCandidates(projectId: string, { limit, cursor }: PageRequest): Promise<Page<Candidate>> {
    await Promise.resolve();
    const newest = this.#of(projectId).toReversed();
    const items = newest.filter(({ id }) => cursor === null || id < cursor);
    return { items: items.slice(0, limit), hasMore: items.length > limit };
  }

  async changeCandidate({ projectId, id, from, to }: CandidateChange, entry: AuditEntry): Promise<boolean> {
    const found = await this.getCandidate(projectId, id);
    if (found === null || !from.includes(found.state)) return false;
    const others = this.#of(projectId).filter((candidate) => candidate.id !== id);
    if (to.state === "canary" && others.some(({ state }) => state === "canary")) return false;
    this.#candidates.set(id, { ...found, ...to });
    this.entries.push(entry);
    return true;
  }

  async inUse(projectId: string): Promise<CandidatesInUse> {
    await Promise.resolve();
    const all = this.#of(projectId);
    const promoted = all
      .filter(({ state }) => state === "promoted")
      .toSorted((left, right) => (right.decidedAt ?? 0) - (left.decidedAt ?? 0));
    return { promoted: promoted[0] ?? null, canary: all.find(({ state }) => state === "canary") ?? null };
  }

  async listCanaries(limit: number): Promise<readonly Candidate[]> {
    await Promise.resolve();
    return [...this.#candidates.values()].filter(({ state }) => state === "canary").slice(0, limit);
  }

  async trialCounts(projectId: string, candidateId: string): Promise<TrialCounts> {
    await Promise.resolve();
    const rows = [...this.#batches.values()].flatMap(({ trials = [] }) => trials);
    return rows
      .filter((row) => row.projectId === projectId && row.candidateId === candidateId)
      .reduce<TrialCounts>(
        (counts, { arm, outcome, count }) => ({
          ...counts,
          [arm]: { ...counts[arm], [outcome]: counts[arm][outcome] + count },
        }),
        NO_TRIALS,
      );
  }

  /** What the usage queue brings: each batch once. */
  async addTrials(batches: readonly UsageBatch[]): Promise<void> {
    await Promise.resolve();
    for (const batch of batches) this.#batches.set(batch.id, batch);
  }

  #of(projectId: string): readonly Candidate[] {
    return [...this.#candidates.values()].filter((candidate) => candidate.projectId === projectId);
  }
}
