// Where a release's files lie in the object store.
import type { ReleaseFileName } from "../release/release.ts";

export function releaseObjectKey(projectId: string, releaseId: string, name: ReleaseFileName): string {
  return `projects/${projectId}/releases/${releaseId}/${name}`;
}

export function releaseContentType(name: ReleaseFileName): string {
  return name === "manifest.json" ? "application/json" : "application/jsonl; charset=utf-8";
}
