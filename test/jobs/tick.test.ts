// Cron's tick: what is due is done, and one task's failure keeps no other from running.
import { expect, it } from "vitest";
import type { UsageMinute } from "../../src/access/usage.ts";
import { ObjectCaptureSink, SPOOL_PREFIX } from "../../src/induction/object-capture-sink.ts";
import { tick } from "../../src/jobs/tick.ts";
import type { AppServices } from "../../src/middleware/app-services.ts";
import { minuteOf } from "../../src/lib/utc-day.ts";
import type { HeldQueue } from "../fakes/held-queue.ts";
import { InMemoryAnalysisBudget } from "../fakes/in-memory-analysis-budget.ts";
import { InMemoryUsageStore } from "../fakes/in-memory-usage-store.ts";
import { InMemoryKeyStore } from "../fakes/in-memory-key-store.ts";
import { InMemoryMistakeStore } from "../fakes/in-memory-mistake-store.ts";
import { InMemoryObjectStore } from "../fakes/in-memory-object-store.ts";
import { InMemoryReleaseStore } from "../fakes/in-memory-release-store.ts";
import { KeptLogger } from "../fakes/kept-logger.ts";
import { createGateway } from "../setup/gateway.ts";
import { capturedMistake, makeTestId, newProjectId } from "../fixtures/records.ts";

/** A full hour. */
const NOW = Date.UTC(2026, 10, 23, 12);

async function due(): Promise<{
  readonly services: AppServices;
  readonly objects: InMemoryObjectStore;
  readonly releases: InMemoryReleaseStore;
  readonly keys: InMemoryKeyStore;
  readonly logger: KeptLogger;
  readonly project: string;
  readonly budget: InMemoryAnalysisBudget;
  readonly usage: InMemoryUsageStore;
  readonly analyses: HeldQueue;
}> {
  const { services, analyses } = createGateway();
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
  const budget = new InMemoryAnalysisBudget();
  const usage = new InMemoryUsageStore();
  const resuming = { budget, analyses: services.resuming.analyses, clock: () => NOW };
  const changed = {
    usage,
    resuming,
    clock: () => NOW,
    mistakes,
    objects,
    releases,
    keys,
    logger,
    releaseRequests,
    releaseIntervalMilliseconds: 1_000,
  };
  const storing = { mistakes, analyses: services.storing.analyses };
  return {
    services: { ...services, ...changed, storing },
    budget,
    usage,
    analyses,
    objects,
    releases,
    keys,
    logger,
    project,
  };
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

it("asks again for the analyses that an earlier day could not buy", async () => {
  const { services, budget, analyses, project } = await due();
  const today = Math.floor(NOW / 86_400_000);
  await budget.defer({ projectId: project, mistakeId: "mis_yesterday" }, today - 1);
  await budget.defer({ projectId: project, mistakeId: "mis_today" }, today);
  analyses.take();
  await tick(services);
  expect(analyses.take()).toContainEqual({ projectId: project, mistakeId: "mis_yesterday" });
  await tick(services);
  expect(analyses.take()).toEqual([]);
  expect(await budget.listDeferred(today + 1, 10)).toEqual([{ projectId: project, mistakeId: "mis_today" }]);
});

it("prunes usage once an hour: rollups after 400 days, and no sooner", async () => {
  const { services, usage, project } = await due();
  const calls = async (): Promise<number | undefined> =>
    (await usage.sumUsage({ projectId: project, fromMinute: 0, toMinute: Infinity, groupBy: [], limit: 1 }))[0]?.calls;
  const used = { projectId: project, keyId: "key_1", purpose: "judge", model: "m", calls: 1, microDollars: 0 } as const;
  const oldest = minuteOf(NOW) - 400 * 1_440;
  const usedAt = (minute: number): UsageMinute => ({ ...used, promptTokens: 0, completionTokens: 0, minute });
  await usage.add([{ id: "use_1", usage: [usedAt(oldest - 1), usedAt(oldest)], outcomes: [] }]);
  await tick({ ...services, clock: () => NOW + 60_000 });
  expect(await calls()).toBe(2);
  await tick(services);
  expect(await calls()).toBe(1);
});
