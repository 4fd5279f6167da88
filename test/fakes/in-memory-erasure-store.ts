// Erasures in memory. Law: held to the same contract as D1 (test/contract/erasure-store.ts).
import type { AuditEntry } from "../../src/access/audit.ts";
import type { Page, PageRequest } from "../../src/lib/page.ts";
import type { ErasureStore, ErasureTerms } from "../../src/mistake/erasure-store.ts";
import type { Erasure } from "../../src/mistake/erasure.ts";

interface Covered {
  readonly projectId: string;
  readonly endUser: string;
  readonly erasureId: string;
  readonly expiresAt: number;
}

export class InMemoryErasureStore implements ErasureStore {
  readonly #erasures = new Map<string, { readonly erasure: Erasure; readonly leasedUntil: number }>();
  #covered: Covered[] = [];
  readonly audit: AuditEntry[] = [];

  async begin(erasure: Erasure, { endUsers, expiresAt }: ErasureTerms, entry: AuditEntry): Promise<void> {
    await Promise.resolve();
    const { id: erasureId, projectId } = erasure;
    this.#erasures.set(erasureId, { erasure, leasedUntil: 0 });
    this.audit.push(entry);
    this.#covered = [
      ...this.#covered.filter((each) => each.projectId !== projectId || !endUsers.includes(each.endUser)),
      ...endUsers.map((endUser) => ({ projectId, endUser, erasureId, expiresAt })),
    ];
  }

  async findRunning(projectId: string, endUsers: readonly string[]): Promise<Erasure | null> {
    await Promise.resolve();
    const covering = this.#covered.filter((each) => each.projectId === projectId && endUsers.includes(each.endUser));
    return (
      this.#all().find(({ id, status }) => status === "running" && covering.some((each) => each.erasureId === id)) ??
      null
    );
  }

  async getErasure(projectId: string, id: string): Promise<Erasure | null> {
    await Promise.resolve();
    const found = this.#erasures.get(id)?.erasure;
    return found?.projectId === projectId ? found : null;
  }

  async listErasures(projectId: string, { limit, cursor }: PageRequest): Promise<Page<Erasure>> {
    await Promise.resolve();
    const rest = this.#all()
      .filter((each) => each.projectId === projectId && (cursor === null || each.id < cursor))
      .toReversed();
    return { items: rest.slice(0, limit), hasMore: rest.length > limit };
  }

  async listRunning(limit: number): Promise<readonly Erasure[]> {
    await Promise.resolve();
    const turn = ({ id }: Erasure): number => this.#erasures.get(id)?.leasedUntil ?? 0;
    return this.#all()
      .filter(({ status }) => status === "running")
      .toSorted((left, right) => turn(left) - turn(right))
      .slice(0, limit);
  }

  async lease(
    id: string,
    now: number,
    until: number,
  ): Promise<{ readonly erasure: Erasure; readonly endUsers: readonly string[] } | null> {
    await Promise.resolve();
    const found = this.#erasures.get(id);
    if (found?.erasure.status !== "running") return null;
    const { projectId } = found.erasure;
    const isTaken = [...this.#erasures.values()].some(
      ({ erasure, leasedUntil }) =>
        erasure.projectId === projectId && erasure.status === "running" && leasedUntil > now,
    );
    if (isTaken) return null;
    this.#erasures.set(id, { ...found, leasedUntil: until });
    const endUsers = this.#covered.flatMap(({ erasureId, endUser }) => (erasureId === id ? [endUser] : []));
    return { erasure: found.erasure, endUsers };
  }

  async save(erasure: Erasure, leasedUntil: number): Promise<void> {
    await Promise.resolve();
    this.#erasures.set(erasure.id, { erasure, leasedUntil });
  }

  async prune(now: number, limit: number): Promise<number> {
    await Promise.resolve();
    const running = new Set((await this.listRunning(Infinity)).map(({ id }) => id));
    const old = this.#covered
      .filter(({ erasureId, expiresAt }) => expiresAt <= now && !running.has(erasureId))
      .slice(0, limit);
    this.#covered = this.#covered.filter((each) => !old.includes(each));
    return old.length;
  }

  #all(): readonly Erasure[] {
    return [...this.#erasures.values()]
      .map(({ erasure }) => erasure)
      .toSorted((left, right) => (left.id < right.id ? -1 : 1));
  }
}
