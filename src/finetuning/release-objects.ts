// Where a release's files lie in the object store.
import type { Release, ReleaseFileName } from "../release/release.ts";

type Placed = Pick<Release, "projectId" | "id" | "revision">;

/** Everything that was ever written for the release lies under it. */
export function releasePrefix({ projectId, id }: Pick<Release, "projectId" | "id">): string {
  return `projects/${projectId}/releases/${id}/`;
}

export function releaseObjectKey(release: Placed, name: ReleaseFileName): string {
  const folder = release.revision === null ? "" : `${release.revision}/`;
  return `${releasePrefix(release)}${folder}${name}`;
}

export function releaseContentType(name: ReleaseFileName): string {
  return name === "manifest.json" ? "application/json" : "application/jsonl; charset=utf-8";
}
