// Releases in memory, over mistakes in memory. Law: held to the same contract as D1 (test/contract/release-store.ts).
import type { Page, PageRequest } from "../../src/lib/page.ts";
import type { PublishedRelease, ReleaseStore } from "../../src/release/release-store.ts";
import type { Release } from "../../src/release/release.ts";
import type { InMemoryMistakeStore } from "./in-memory-mistake-store.ts";

export class InMemoryReleaseStore implements ReleaseStore {
  readonly #mistakes: InMemoryMistakeStore;
  readonly #releases = new Map<string, Release>();

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

  async publish(projectId: string, id: string, { mistakeIds, ...ready }: PublishedRelease): Promise<void> {
    await Promise.resolve();
    const found = this.#building(projectId, id);
    if (found === null) return;
    this.#releases.set(id, { ...found, status: "ready", ...ready });
    this.#mistakes.settle(projectId, id, mistakeIds);
  }

  async fail(projectId: string, id: string, failure: string): Promise<void> {
    await Promise.resolve();
    const found = this.#building(projectId, id);
    if (found === null) return;
    this.#releases.set(id, { ...found, status: "failed", failure });
    this.#mistakes.settle(projectId, id, []);
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
