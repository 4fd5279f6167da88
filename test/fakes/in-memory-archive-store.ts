// The archive's view of mistakes and releases in memory. Law: held to the same contract as D1 (test/contract/archive-store.ts).
import type { AnnouncedSegment, Archivable, ArchivableRelease, ArchiveStore } from "../../src/mistake/archive-store.ts";
import type { InMemoryMistakeStore } from "./in-memory-mistake-store.ts";
import type { InMemoryReleaseStore } from "./in-memory-release-store.ts";

interface Announced {
  readonly segment: AnnouncedSegment;
  readonly at: number;
  abandoned: boolean;
}

export class InMemoryArchiveStore implements ArchiveStore {
  readonly #mistakes: InMemoryMistakeStore;
  readonly #releases: InMemoryReleaseStore;
  readonly #archived = new Set<string>();
  readonly #announced = new Map<string, Announced>();

  constructor(mistakes: InMemoryMistakeStore, releases: InMemoryReleaseStore) {
    this.#mistakes = mistakes;
    this.#releases = releases;
  }

  async nextArchivable(readyBefore: number): Promise<ArchivableRelease | null> {
    await Promise.resolve();
    const [first] = this.#releases
      .ready()
      .filter(({ id, readyAt }) => !this.#archived.has(id) && (readyAt ?? Infinity) < readyBefore)
      .toSorted((left, right) => (left.readyAt ?? 0) - (right.readyAt ?? 0));
    return first === undefined ? null : { projectId: first.projectId, releaseId: first.id };
  }

  async listArchivable({ projectId, releaseId }: ArchivableRelease, limit: number): Promise<readonly Archivable[]> {
    await Promise.resolve();
    return this.#mistakes.inlineOf(projectId, releaseId).slice(0, limit);
  }

  async markArchived({ releaseId }: ArchivableRelease): Promise<void> {
    await Promise.resolve();
    this.#archived.add(releaseId);
  }

  async announce(segment: AnnouncedSegment, at: number): Promise<void> {
    await Promise.resolve();
    this.#announced.set(segment.key, { segment, at, abandoned: false });
  }

  async moveTexts(
    { key, projectId }: AnnouncedSegment,
    moved: readonly (Archivable & { readonly pointer: string })[],
  ): Promise<readonly string[]> {
    await Promise.resolve();
    if (this.#announced.get(key)?.abandoned !== false) return [];
    this.#announced.delete(key);
    return moved.flatMap(({ id, text, pointer }) =>
      this.#mistakes.moveText(projectId, id, text, pointer) ? [id] : [],
    );
  }

  async abandon(announcedBefore: number, limit: number): Promise<readonly AnnouncedSegment[]> {
    await Promise.resolve();
    const stale = [...this.#announced.values()].filter(({ at }) => at < announcedBefore).slice(0, limit);
    for (const each of stale) each.abandoned = true;
    return stale.map(({ segment }) => segment);
  }

  async forget({ key }: AnnouncedSegment): Promise<void> {
    await Promise.resolve();
    this.#announced.delete(key);
  }
}
