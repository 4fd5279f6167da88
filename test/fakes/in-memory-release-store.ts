// Releases in memory, over mistakes in memory. Law: held to the same contract as D1 (test/contract/release-store.ts).
import type { Page, PageRequest } from "../../src/lib/page.ts";
import type { PublishedRelease, ReleaseStore } from "../../src/release/release-store.ts";
import type { Release } from "../../src/release/release.ts";
import type { InMemoryMistakeStore } from "./in-memory-mistake-store.ts";

export class InMemoryReleaseStore implements ReleaseStore {
  readonly #mistakes: InMemoryMistakeStore;
  readonly #releases = new Map<string, Release>();
  /** the mistakes of each, by id */
  readonly #held = new Map<string, readonly string[]>();

  constructor(mistakes: InMemoryMistakeStore) {
    this.#mistakes = mistakes;
  }

  async insert(release: Release): Promise<void> {
    await Promise.resolve();
    if (this.#releases.has(release.id)) throw new Error("a release of this id exists");
    this.#releases.set(release.id, release);
  }

  async get(projectId: string, id: string): Promise<Release | null> {
    await Promise.resolve();
    const found = this.#releases.get(id);
    return found?.projectId === projectId ? found : null;
  }

  async list(projectId: string, { limit, cursor }: PageRequest): Promise<Page<Release>> {
    await Promise.resolve();
    const rest = [...this.#releases.values()]
      .filter((release) => release.projectId === projectId && (cursor === null || release.id < cursor))
      .toSorted((left, right) => (left.id < right.id ? 1 : -1));
    return { items: rest.slice(0, limit), hasMore: rest.length > limit };
  }

  async recordLineage(projectId: string, id: string, mistakeIds: readonly string[]): Promise<void> {
    await Promise.resolve();
    this.#record(projectId, id, mistakeIds);
  }

  #record(projectId: string, id: string, mistakeIds: readonly string[]): void {
    if (this.#building(projectId, id) === null) return;
    this.#held.set(id, [...new Set([...(this.#held.get(id) ?? []), ...mistakeIds])].toSorted());
  }

  async representedClusters(
    projectId: string,
    id: string,
    clusterIds: readonly string[],
    upTo: string | null,
  ): Promise<readonly string[]> {
    await Promise.resolve();
    const held = (this.#held.get(id) ?? []).filter((mistakeId) => upTo !== null && mistakeId <= upTo);
    const represented = this.#mistakes.clustersOf(projectId, held);
    return [...new Set(clusterIds)].filter((clusterId) => represented.includes(clusterId));
  }

  async publish(projectId: string, id: string, { mistakeIds, ...ready }: PublishedRelease): Promise<void> {
    await Promise.resolve();
    const found = this.#building(projectId, id);
    if (found === null) return;
    this.#record(projectId, id, mistakeIds);
    this.#releases.set(id, { ...found, status: "ready", ...ready });
    this.#settle(projectId, id);
  }

  async fail(projectId: string, id: string, failure: string): Promise<void> {
    await Promise.resolve();
    const found = this.#building(projectId, id);
    if (found === null) return;
    this.#releases.set(id, { ...found, status: "failed", failure });
    this.#settle(projectId, id);
  }

  /** All at once, since memory has no limit to a transaction. */
  async settle(projectId: string, id: string): Promise<null> {
    await Promise.resolve();
    this.#settle(projectId, id);
    return null;
  }

  #settle(projectId: string, id: string): void {
    const found = this.#releases.get(id);
    if (found?.projectId !== projectId || found.status === "building") return;
    if (found.status === "failed") this.#held.delete(id);
    this.#mistakes.settle(projectId, id, this.#held.get(id) ?? [], found.status === "ready");
  }

  async markCollected(projectId: string, id: string, collectedAt: number): Promise<void> {
    const found = await this.get(projectId, id);
    if (found?.collectedAt === null) this.#releases.set(id, { ...found, collectedAt });
  }

  async newestCreatedAt(projectId: string): Promise<number | null> {
    const { items } = await this.list(projectId, { limit: 1, cursor: null });
    return items[0]?.createdAt ?? null;
  }

  async countUncollected(before: number): Promise<number> {
    await Promise.resolve();
    return [...this.#releases.values()].filter(
      ({ status, collectedAt, createdAt, counts }) =>
        status === "ready" && collectedAt === null && createdAt < before && counts.analysis > 0,
    ).length;
  }

  /** For the archive. */
  ready(): readonly Release[] {
    return [...this.#releases.values()].filter(({ status }) => status === "ready");
  }

  #building(projectId: string, id: string): Release | null {
    const found = this.#releases.get(id);
    return found?.projectId === projectId && found.status === "building" ? found : null;
  }
}
