// Cron's tick: what is due is done, and one task's failure keeps no other from running.
import { expect, it } from "vitest";
import { ObjectCaptureSink, SPOOL_PREFIX } from "../../src/induction/object-capture-sink.ts";
import { tick } from "../../src/jobs/tick.ts";
import type { AppServices } from "../../src/middleware/app-services.ts";
import { InMemoryKeyStore } from "../fakes/in-memory-key-store.ts";
import { InMemoryMistakeStore } from "../fakes/in-memory-mistake-store.ts";
import { InMemoryObjectStore } from "../fakes/in-memory-object-store.ts";
import { InMemoryReleaseStore } from "../fakes/in-memory-release-store.ts";
import { KeptLogger } from "../fakes/kept-logger.ts";
import { createGateway } from "../setup/gateway.ts";
import { capturedMistake, makeTestId, newProjectId } from "../fixtures/records.ts";

async function due(): Promise<{
  readonly services: AppServices;
  readonly objects: InMemoryObjectStore;
  readonly releases: InMemoryReleaseStore;
  readonly keys: InMemoryKeyStore;
  readonly logger: KeptLogger;
  readonly project: string;
}> {
  const { services } = createGateway();
  const objects = new InMemoryObjectStore();
  const mistakes = new InMemoryMistakeStore(objects);
  const releases = new InMemoryReleaseStore(mistakes);
  const keys = new InMemoryKeyStore();
  const logger = new KeptLogger();
  const project = newProjectId();
  await keys.insertProject({ id: project, name: "p", createdAt: 0 });
  await mistakes.insertCaptured([capturedMistake(project, { createdAt: 0 })]);
  await new ObjectCaptureSink(objects).accept(capturedMistake(project));
  const builds = {
    start: async () => {
      await Promise.resolve();
    },
  };
  const releaseRequests = { releases, builds, clock: () => 10_000, makeId: makeTestId, logger };
  const changed = { mistakes, objects, releases, keys, logger, releaseRequests, releaseIntervalMilliseconds: 1_000 };
  const storing = { mistakes, analyses: services.storing.analyses };
  return { services: { ...services, ...changed, storing }, objects, releases, keys, logger, project };
}

it("replays the spool and asks for the releases that are due", async () => {
  const { services, objects, releases, project } = await due();
  await tick(services);
  expect(await objects.list(SPOOL_PREFIX, 10)).toEqual([]);
  expect((await releases.list(project, { limit: 5, cursor: null })).items).toMatchObject([{ trigger: "schedule" }]);
});

it("asks for releases though the spool can't be read", async () => {
  const { services, objects, releases, project, logger } = await due();
  objects.down = true;
  await tick(services);
  expect((await releases.list(project, { limit: 5, cursor: null })).items).toHaveLength(1);
  expect(logger.lines).toContainEqual(expect.objectContaining({ event: "tick_failed" }));
});

it("replays the spool though releases can't be asked for", async () => {
  const { services, objects, logger } = await due();
  const keys = services.keys;
  keys.listProjects = async () => await Promise.reject(new Error("the database is down"));
  await tick(services);
  expect(await objects.list(SPOOL_PREFIX, 10)).toEqual([]);
  expect(logger.of("tick_failed")).toHaveLength(1);
});
