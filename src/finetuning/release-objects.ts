// Where a release's files lie in the object store.
import type { Release, ReleaseFile } from "../release/release.ts";

type Placed = Pick<Release, "projectId" | "id" | "revision">;

/** Everything that was ever written for the release lies under it. */
export function releasePrefix({ projectId, id }: Pick<Release, "projectId" | "id">): string {
  return `projects/${projectId}/releases/${id}/`;
}

export function releaseObjectKey(release: Placed, name: string): string {
  const folder = release.revision === null ? "" : `${release.revision}/`;
  return `${releasePrefix(release)}${folder}${name}`;
}

/** A file that an erasure did not have to rewrite lies where it was. */
export function releaseFileKey(release: Placed, file: Pick<ReleaseFile, "name" | "revision">): string {
  return releaseObjectKey(
    { ...release, revision: file.revision === undefined ? release.revision : file.revision },
    file.name,
  );
}

export function releaseContentType(name: string): string {
  if (name.endsWith(".md")) return "text/markdown; charset=utf-8";
  return name.endsWith(".json") ? "application/json" : "application/jsonl; charset=utf-8";
}
