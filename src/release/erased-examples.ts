// Port: releases that hold examples of mistakes that are erased. Law: a release changes for this alone, since a promise to forget
// goes before the promise that a release stays; its new files lie beside the old ones until the record names them.
import type { Release } from "./release.ts";

export interface RewrittenRelease extends Pick<Release, "counts" | "files" | "erased"> {
  readonly revision: string;
}

export interface ErasedExamples {
  /** Releases of the project that hold an erased mistake by their lineage, oldest first. */
  releasesHolding(projectId: string, limit: number): Promise<readonly string[]>;
  /** The erased mistakes among those that a release holds. */
  erasedIn(projectId: string, releaseId: string): Promise<readonly string[]>;
  /** Whether a release that was asked for before this moment is still being built: it may have read what is gone now. */
  isAnyBuilding(projectId: string, before: number): Promise<boolean>;
  /** Failed releases, by id, whose files nobody needs. */
  listFailed(projectId: string, after: string | null, limit: number): Promise<readonly string[]>;
  /**
   * In one transaction: the release has other files, and its lineage names the erased mistakes no longer. False if the release
   * was rewritten by another meanwhile.
   */
  publishRewritten(
    release: Pick<Release, "id" | "projectId" | "revision">,
    rewritten: RewrittenRelease,
    mistakeIds: readonly string[],
  ): Promise<boolean>;
}
