// Port: where releases are recorded. Law: every call names its project; a ready release never changes but for `collectedAt`.
import type { Page, PageRequest } from "../lib/page.ts";
import type { Release, ReleaseCounts, ReleaseFile } from "./release.ts";

export interface PublishedRelease {
  readonly counts: ReleaseCounts;
  readonly files: readonly ReleaseFile[];
  readonly readyAt: number;
  readonly mistakeIds: readonly string[];
}

export interface ReleaseStore {
  insert(release: Release): Promise<void>;
  get(projectId: string, id: string): Promise<Release | null>;
  list(projectId: string, page: PageRequest): Promise<Page<Release>>;
  /**
   * In one transaction: the release becomes ready, `mistakeIds` released, and what it claimed beyond them free again.
   * Does nothing to a release that isn't building.
   */
  publish(projectId: string, id: string, published: PublishedRelease): Promise<void>;
  /** In one transaction: the release becomes failed, and what it claimed free again. */
  fail(projectId: string, id: string, failure: string): Promise<void>;
  markCollected(projectId: string, id: string, collectedAt: number): Promise<void>;
  /** when the project's newest release was made; null if there is none */
  newestCreatedAt(projectId: string): Promise<number | null>;
  /** ready releases with rows that were never collected and were made before `before`, over all projects */
  countUncollected(before: number): Promise<number>;
}
