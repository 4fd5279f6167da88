// Releases as places of an erasure: which of them hold something, their rewriting, and their old files. Law: what is touched is
// written down before it is touched, so that an erasure that was cut off goes on with the right ones.
import type { Clock } from "../../lib/clock.ts";
import type { ErasurePlace } from "../../mistake/erasure.ts";
import { releaseFileKey, releasePrefix } from "../release-objects.ts";
import { rewriteRelease, type RewriteDependencies } from "./rewrite-release.ts";

const MOST_RELEASES = 1_000;
const MOST_OBJECTS = 100;

/** Waits for releases that were asked for before, since they may have read what is gone by now. */
export function heldPlace({ examples, clock }: RewriteDependencies & { readonly clock: Clock }): ErasurePlace {
  return {
    name: "releases",
    erase: async ({ projectId }, cursor) => {
      const before = cursor === null ? clock() : Number(cursor);
      if (await examples.isAnyBuilding(projectId, before)) return { erased: 0, next: { laterFrom: String(before) } };
      const releaseIds = await examples.releasesHolding(projectId, MOST_RELEASES);
      return { erased: 0, releaseIds, next: "done" };
    },
  };
}

/** One release a step. */
export function examplesPlace(dependencies: RewriteDependencies): ErasurePlace {
  return {
    name: "examples",
    erase: async ({ projectId, releaseIds }, cursor) => {
      const id = releaseIds.find((each) => cursor === null || each > cursor);
      if (id === undefined) return { erased: 0, next: "done" };
      return { erased: await rewriteRelease(dependencies, projectId, id), next: { cursor: id } };
    },
  };
}

/** What a rewritten release no longer names. */
export function oldFilesPlace({ releases, objects }: RewriteDependencies): ErasurePlace {
  const tidy = async (projectId: string, id: string): Promise<number> => {
    const release = await releases.get(projectId, id);
    if (release === null) return 0;
    const files = release.status === "ready" ? release.files : [];
    const named = new Set(files.map((file) => releaseFileKey(release, file)));
    let old = 0;
    let last: string | null = null;
    for (let found = MOST_OBJECTS; found === MOST_OBJECTS;) {
      const keys: readonly string[] = await objects.list(releasePrefix(release), MOST_OBJECTS, last);
      for (const key of keys) {
        if (named.has(key)) continue;
        await objects.delete(key);
        old += 1;
      }
      last = keys.at(-1) ?? last;
      found = keys.length;
    }
    return old;
  };
  return {
    name: "old_files",
    erase: async ({ projectId, releaseIds }, cursor) => {
      const touched = releaseIds.find((each) => cursor === null || each > cursor);
      if (touched !== undefined) return { erased: await tidy(projectId, touched), next: { cursor: touched } };
      return { erased: 0, next: "done" };
    },
  };
}

/** A release that failed may have written files, which nobody can fetch and nobody needs. */
export function failedFilesPlace({ examples, objects }: RewriteDependencies): ErasurePlace {
  return {
    name: "failed_releases",
    erase: async ({ projectId }, cursor) => {
      const [id] = await examples.listFailed(projectId, cursor, 1);
      if (id === undefined) return { erased: 0, next: "done" };
      const keys = await objects.list(releasePrefix({ projectId, id }), MOST_OBJECTS, null);
      for (const key of keys) await objects.delete(key);
      // A large one has more: the same release once more, which has fewer then.
      return { erased: keys.length, next: { cursor: keys.length < MOST_OBJECTS ? id : cursor } };
    },
  };
}
