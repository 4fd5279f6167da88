// Port: where releases are recorded. Law: every call names its project; a ready release never changes but for `collectedAt`.
import type { Page, PageRequest } from "../lib/page.ts";
import type { Release, ReleaseCounts, ReleaseFile } from "./release.ts";

export interface PublishedRelease {
  readonly counts: ReleaseCounts;
  readonly files: readonly ReleaseFile[];
  readonly readyAt: number;
  /** of its lineage, what was not recorded yet */
  readonly mistakeIds: readonly string[];
}

/** What one transaction settles of a release: a large one is settled page by page. */
export const SETTLED_AT_ONCE = 2_000;

export interface ReleaseStore {
  insert(release: Release): Promise<void>;
  get(projectId: string, id: string): Promise<Release | null>;
  list(projectId: string, page: PageRequest): Promise<Page<Release>>;
  /** Writes down which mistakes a release holds while it is being built. Safe to repeat; nothing for one that isn't building. */
  recordLineage(projectId: string, id: string, mistakeIds: readonly string[]): Promise<void>;
  /** Those of the clusters of which the release holds a mistake already, up to the id `upTo`; none where it is null. */
  representedClusters(
    projectId: string,
    id: string,
    clusterIds: readonly string[],
    upTo: string | null,
  ): Promise<readonly string[]>;
  /**
   * In one transaction: the release becomes ready, and its first mistakes are settled. Does nothing to a release that isn't
   * building.
   */
  publish(projectId: string, id: string, published: PublishedRelease): Promise<void>;
  /** In one transaction: the release becomes failed, and its first mistakes are settled. */
  fail(projectId: string, id: string, failure: string): Promise<void>;
  /**
   * Settles the next mistakes of a release that is ready or failed, after the id `after`: what a ready one holds is released, but
   * for what was dismissed; what else was claimed is free again. The id to go on after; null when all is settled. Safe to repeat.
   */
  settle(projectId: string, id: string, after: string | null, limit: number): Promise<string | null>;
  markCollected(projectId: string, id: string, collectedAt: number): Promise<void>;
  /** when the project's newest release was made; null if there is none */
  newestCreatedAt(projectId: string): Promise<number | null>;
  /** ready releases with rows that were never collected and were made before `before`, over all projects */
  countUncollected(before: number): Promise<number>;
}
