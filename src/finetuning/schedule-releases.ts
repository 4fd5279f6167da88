// The release schedule: a project whose newest release — or, before there is one, its first mistake — is older than the
// interval gets the next one. Law: asks what is due instead of counting ticks, so a missed tick loses nothing.
import type { Project } from "../access/key-store.ts";
import type { MistakeStore } from "../mistake/mistake-store.ts";
import { requestRelease, type RequestReleaseDependencies } from "./request-release.ts";

export async function scheduleReleases(
  dependencies: RequestReleaseDependencies & {
    readonly mistakes: Pick<MistakeStore, "firstCapturedAt">;
    readonly intervalMilliseconds: number;
  },
  projects: readonly Project[],
): Promise<number> {
  const { releases, mistakes, clock, intervalMilliseconds } = dependencies;
  let requested = 0;
  for (const { id: projectId } of projects) {
    const since = (await releases.newestCreatedAt(projectId)) ?? (await mistakes.firstCapturedAt(projectId));
    if (since === null || clock() - since < intervalMilliseconds) continue;
    await requestRelease(dependencies, { projectId, trigger: "schedule", includeReleased: false });
    requested += 1;
  }
  return requested;
}
