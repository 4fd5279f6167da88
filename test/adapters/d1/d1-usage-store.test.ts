// Usage rollups on real D1, and the fake held to the same contract; beyond it, what only D1 can get wrong: its limits.
import { env } from "cloudflare:workers";
import { expect, it } from "vitest";
import type { UsageReports } from "../../../src/access/usage-reports.ts";
import type { UsageStore } from "../../../src/access/usage-store.ts";
import type { UsageBatch } from "../../../src/access/usage.ts";
import { D1KeyStore } from "../../../src/adapters/d1/d1-key-store.ts";
import { D1UsageReports } from "../../../src/adapters/d1/d1-usage-reports.ts";
import { D1UsageStore } from "../../../src/adapters/d1/d1-usage-store.ts";
import { openDatabase } from "../../../src/adapters/d1/database.ts";
import { usageStoreContract } from "../../contract/usage-store.ts";
import { InMemoryUsageStore } from "../../fakes/in-memory-usage-store.ts";
import { makeTestId, newProjectId, ticking } from "../../fixtures/records.ts";

/** Pruning walks the projects that exist. */
function withProjects(): UsageStore & UsageReports {
  const database = openDatabase(env.DB);
  const store = new D1UsageStore(database);
  const reports = new D1UsageReports(database);
  return {
    add: async (batches: readonly UsageBatch[]) => {
      for (const id of new Set(batches.flatMap(({ usage }) => usage.map(({ projectId }) => projectId)))) {
        const keys = new D1KeyStore(database);
        if ((await keys.findProject(id)) === null) await keys.insertProject({ id, name: "p", createdAt: ticking() });
      }
      await store.add(batches);
    },
    spentOnDay: store.spentOnDay.bind(store),
    prune: store.prune.bind(store),
    sumUsage: reports.sumUsage.bind(reports),
    sumOutcomes: reports.sumOutcomes.bind(reports),
  };
}

usageStoreContract("D1", withProjects);
usageStoreContract("the in-memory fake", () => new InMemoryUsageStore());

it("takes as many full batches at once as a queue delivers", async () => {
  const store = withProjects();
  const projectId = newProjectId();
  const rows = Array.from({ length: 100 }, (_, index) => ({
    projectId,
    keyId: "key_1",
    purpose: "completion" as const,
    model: `${"m".repeat(90)}-${index}`,
    minute: 1_000,
    calls: 1,
    promptTokens: 1,
    completionTokens: 0,
    microDollars: 0,
  }));
  const batches = Array.from({ length: 60 }, () => ({ id: makeTestId("use"), usage: rows, outcomes: [] }));
  await store.add(batches);
  const { spent, storedBatches } = await store.spentOnDay(
    { projectId, keyId: "key_1" },
    0,
    batches.map(({ id }) => id),
  );
  expect(spent.tokens).toBe(6_000);
  expect(storedBatches).toHaveLength(60);
});
