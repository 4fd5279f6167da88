// The release schedule: what is due, by the newest release or the first mistake, project by project.
import { expect, it } from "vitest";
import { scheduleReleases } from "../../src/finetuning/schedule-releases.ts";
import { InMemoryMistakeStore } from "../fakes/in-memory-mistake-store.ts";
import { InMemoryObjectStore } from "../fakes/in-memory-object-store.ts";
import { InMemoryReleaseStore } from "../fakes/in-memory-release-store.ts";
import { KeptLogger } from "../fakes/kept-logger.ts";
import { capturedMistake, makeTestId, releaseOf } from "../fixtures/records.ts";

const WEEK = 1_000;

async function scheduled(now: number, firstMistake: number | null, newestRelease: number | null): Promise<number> {
  const mistakes = new InMemoryMistakeStore(new InMemoryObjectStore());
  const releases = new InMemoryReleaseStore(mistakes);
  if (firstMistake !== null) await mistakes.insertCaptured([capturedMistake("prj_1", { createdAt: firstMistake })]);
  if (newestRelease !== null) {
    await releases.insert(releaseOf("prj_1", { createdAt: newestRelease - 10 * WEEK }));
    await releases.insert(releaseOf("prj_1", { createdAt: newestRelease }));
  }
  const before = (await releases.list("prj_1", { limit: 9, cursor: null })).items.length;
  const builds = {
    start: async () => {
      await Promise.resolve();
    },
  };
  const dependencies = {
    mistakes,
    releases,
    builds,
    clock: () => now,
    makeId: makeTestId,
    logger: new KeptLogger(),
  };
  const projects = [
    { id: "prj_1", name: "one", createdAt: 0 },
    { id: "prj_2", name: "two", createdAt: 0 },
  ];
  const requested = await scheduleReleases({ ...dependencies, intervalMilliseconds: WEEK }, projects);
  const { items } = await releases.list("prj_1", { limit: 9, cursor: null });
  expect(items).toHaveLength(before + requested);
  if (requested > 0) expect(items[0]).toMatchObject({ trigger: "schedule", includeReleased: false });
  expect((await releases.list("prj_2", { limit: 9, cursor: null })).items).toEqual([]);
  expect(await scheduleReleases({ ...dependencies, intervalMilliseconds: WEEK }, projects)).toBe(0);
  return requested;
}

it.each([
  ["a project without mistakes", 5 * WEEK, null, null, 0],
  ["a first mistake one moment too young", 2 * WEEK, WEEK + 1, null, 0],
  ["a first mistake a week old", 2 * WEEK, WEEK, null, 1],
  ["a newest release one moment too young", 3 * WEEK, 0, 2 * WEEK + 1, 0],
  ["a newest release a week old", 3 * WEEK, 0, 2 * WEEK, 1],
  ["a newest release many missed weeks old", 30 * WEEK, 0, 2 * WEEK, 1],
])("for %s asks for as many as are due", async (_, now, firstMistake, newestRelease, requested) => {
  expect(await scheduled(now, firstMistake, newestRelease)).toBe(requested);
});
