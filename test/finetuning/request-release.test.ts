// Asking for a release: recorded before its building starts, and failed if that can't start.
import { expect, it } from "vitest";
import { requestRelease } from "../../src/finetuning/request-release.ts";
import { InMemoryMistakeStore } from "../fakes/in-memory-mistake-store.ts";
import { InMemoryObjectStore } from "../fakes/in-memory-object-store.ts";
import { InMemoryReleaseStore } from "../fakes/in-memory-release-store.ts";
import { KeptLogger } from "../fakes/kept-logger.ts";
import { makeTestId } from "../fixtures/records.ts";

const request = { projectId: "prj_1", trigger: "request", includeReleased: true } as const;

function dependencies(start: (projectId: string, id: string) => Promise<void>) {
  const releases = new InMemoryReleaseStore(new InMemoryMistakeStore(new InMemoryObjectStore()));
  return { releases, builds: { start }, clock: () => 42, makeId: makeTestId, logger: new KeptLogger() };
}

it("records the release, then starts its building", async () => {
  const started: string[] = [];
  const made = dependencies(async (projectId, id) => {
    expect(await made.releases.get(projectId, id)).toMatchObject({ status: "building" });
    started.push(id);
  });
  const release = await requestRelease(made, request);
  expect(release).toMatchObject({ ...request, status: "building", createdAt: 42, files: [], collectedAt: null });
  expect(started).toEqual([release.id]);
  expect(await made.releases.get("prj_1", release.id)).toEqual(release);
});

it("fails a release whose building can't be started", async () => {
  const made = dependencies(async () => {
    await Promise.reject(new Error("no workflow"));
  });
  const release = await requestRelease(made, request);
  expect(release).toMatchObject({ status: "failed", failure: "its building could not be started" });
  expect(await made.releases.get("prj_1", release.id)).toEqual(release);
  expect(made.logger.of("release_not_started")).toHaveLength(1);
});
