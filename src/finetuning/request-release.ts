// Asks for a release: records it and starts its building. Law: a release whose building can't be started is failed, not forgotten.
import type { Clock } from "../lib/clock.ts";
import { errorMessage } from "../lib/error-message.ts";
import type { MakeId } from "../lib/ids.ts";
import type { Logger } from "../lib/logger.ts";
import { DEFAULT_RELEASE_OPTIONS, type Release, type ReleaseOptions } from "../release/release.ts";
import type { ReleaseBuilds } from "../release/release-builds.ts";
import type { ReleaseStore } from "../release/release-store.ts";

export interface RequestReleaseDependencies {
  readonly releases: ReleaseStore;
  readonly builds: ReleaseBuilds;
  readonly clock: Clock;
  readonly makeId: MakeId;
  readonly logger: Logger;
}

export async function requestRelease(
  { releases, builds, clock, makeId, logger }: RequestReleaseDependencies,
  request: Pick<Release, "projectId" | "trigger" | "includeReleased"> & { readonly options?: ReleaseOptions },
): Promise<Release> {
  const release: Release = {
    options: DEFAULT_RELEASE_OPTIONS,
    ...request,
    id: makeId("rel"),
    status: "building",
    counts: { analysis: 0, normal: 0 },
    files: [],
    failure: null,
    revision: null,
    erased: 0,
    createdAt: clock(),
    readyAt: null,
    collectedAt: null,
  };
  await releases.insert(release);
  try {
    await builds.start(release.projectId, release.id);
    return release;
  } catch (caught) {
    logger.error("release_not_started", { release: release.id, reason: errorMessage(caught) });
    const failure = "its building could not be started";
    await releases.fail(release.projectId, release.id, failure);
    return { ...release, status: "failed", failure };
  }
}
