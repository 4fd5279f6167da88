// Induction runs in memory. Law: held to the same contract as D1 (test/contract/induction-store.ts).
import type { Page, PageRequest } from "../../src/lib/page.ts";
import type { AttemptOutcome, InductionRun, InductionTally } from "../../src/mistake/induction-run.ts";
import type { BegunAttempt, EndedAttempt, InductionStore } from "../../src/mistake/induction-store.ts";

interface Kept extends BegunAttempt {
  readonly outcome: AttemptOutcome | null;
}

export class InMemoryInductionStore implements InductionStore {
  readonly #runs = new Map<string, InductionRun>();
  readonly #attempts = new Map<string, Map<number, Kept>>();

  async insert(run: InductionRun): Promise<void> {
    await Promise.resolve();
    if (this.#runs.has(run.id)) throw new Error("a run of this id exists");
    this.#runs.set(run.id, run);
    this.#attempts.set(run.id, new Map());
  }

  async get(projectId: string, id: string): Promise<InductionRun | null> {
    await Promise.resolve();
    const found = this.#runs.get(id);
    return found?.projectId === projectId ? found : null;
  }

  async list(projectId: string, { limit, cursor }: PageRequest): Promise<Page<InductionRun>> {
    await Promise.resolve();
    const rest = [...this.#runs.values()]
      .filter((run) => run.projectId === projectId && (cursor === null || run.id < cursor))
      .toSorted((left, right) => (left.id < right.id ? 1 : -1));
    return { items: rest.slice(0, limit), hasMore: rest.length > limit };
  }

  async begin(projectId: string, runId: string, attempt: BegunAttempt): Promise<boolean> {
    const run = await this.get(projectId, runId);
    const attempts = this.#attempts.get(runId);
    const known = attempts?.get(attempt.index);
    if (run?.status !== "running" || (known !== undefined && known.outcome !== null)) return false;
    attempts?.set(attempt.index, { ...attempt, calls: (known?.calls ?? 0) + attempt.calls, outcome: null });
    return true;
  }

  async finish(
    projectId: string,
    runId: string,
    { index, calls: kept }: BegunAttempt,
    { outcome, calls }: EndedAttempt,
  ): Promise<void> {
    const run = await this.get(projectId, runId);
    const attempts = this.#attempts.get(runId);
    const known = attempts?.get(index);
    if (run === null || known?.outcome !== null) return;
    attempts?.set(index, { ...known, outcome, calls: known.calls - kept + calls });
  }

  async spent(projectId: string, runId: string): Promise<number> {
    return (await this.#kept(projectId, runId)).reduce((sum, { calls }) => sum + calls, 0);
  }

  async tallies(projectId: string, runId: string): Promise<readonly InductionTally[]> {
    const tallies = new Map<string, InductionTally>();
    for (const { technique, arm, outcome, calls } of await this.#kept(projectId, runId)) {
      if (outcome === null) continue;
      const name = `${technique} ${arm} ${outcome}`;
      const known = tallies.get(name) ?? { technique, arm, outcome, count: 0, calls: 0 };
      tallies.set(name, { ...known, count: known.count + 1, calls: known.calls + calls });
    }
    return [...tallies].toSorted(([left], [right]) => (left < right ? -1 : 1)).map(([, tally]) => tally);
  }

  async end(
    projectId: string,
    id: string,
    { status, failure, at }: Parameters<InductionStore["end"]>[2],
  ): Promise<boolean> {
    const run = await this.get(projectId, id);
    if (run?.status !== "running") return false;
    this.#runs.set(id, { ...run, status, failure, endedAt: at });
    return true;
  }

  async #kept(projectId: string, runId: string): Promise<readonly Kept[]> {
    const run = await this.get(projectId, runId);
    return run === null ? [] : [...(this.#attempts.get(runId)?.values() ?? [])];
  }
}
