// The table that lists by category walk: after whatever happens to mistakes it says what their own rows say, and nothing else.
import { env } from "cloudflare:workers";
import fc from "fast-check";
import { expect, it } from "vitest";
import { D1MistakeStore } from "../../../src/adapters/d1/d1-mistake-store.ts";
import { D1ReleaseStore } from "../../../src/adapters/d1/d1-release-store.ts";
import { D1RetentionStore } from "../../../src/adapters/d1/d1-retention-store.ts";
import { D1ReviewStore } from "../../../src/adapters/d1/d1-review-store.ts";
import { D1SubjectMistakes } from "../../../src/adapters/d1/d1-subject-mistakes.ts";
import { openDatabase } from "../../../src/adapters/d1/database.ts";
import { R2ObjectStore } from "../../../src/adapters/r2/r2-object-store.ts";
import { capturedMistake, newProjectId } from "../../fixtures/records.ts";
import { arbitraryHistory, populate, prepareStep, type SteppedStores } from "../../fixtures/store-steps.ts";

const database = openDatabase(env.DB);
const stores: SteppedStores = {
  mistakes: new D1MistakeStore(database, new R2ObjectStore(env.OBJECTS)),
  reviews: new D1ReviewStore(database),
  releases: new D1ReleaseStore(database),
  retention: new D1RetentionStore(database),
};
const subjects = new D1SubjectMistakes(database, () => Date.UTC(2100, 0));

const KEPT = `SELECT category, state, source, kind, mistake_id AS id FROM mistake_categories
  WHERE project_id = ? ORDER BY mistake_id, category, state, source, kind`;
const SAID = `SELECT DISTINCT value AS category, state, source, kind, mistakes.id AS id FROM mistakes, json_each(mistakes.categories)
  WHERE project_id = ? ORDER BY mistakes.id, category, state, source, kind`;

async function rows(query: string, projectId: string): Promise<readonly unknown[]> {
  return (await env.DB.prepare(query).bind(projectId).all()).results;
}

it("says of categories what the rows of mistakes say, whatever happened", async () => {
  const erasures = fc.array(fc.constantFrom("v1.a", "v1.b"), { maxLength: 2 });
  let mostKept = 0;
  await fc.assert(
    fc.asyncProperty(arbitraryHistory, erasures, async ({ traits, steps }, endUsers) => {
      const population = populate(traits);
      const { projectId } = population;
      const agree = async (after: string): Promise<void> => {
        const kept = await rows(KEPT, projectId);
        expect(kept, after).toEqual(await rows(SAID, projectId));
        mostKept = Math.max(mostKept, kept.length);
      };
      for (const step of steps) {
        await prepareStep(population, step)(stores);
        await agree(step.step);
      }
      for (const endUser of endUsers) {
        await subjects.deleteRecords(projectId, await subjects.listOf(projectId, [endUser], 100));
        await agree("erasure");
      }
    }),
    { numRuns: 25 },
  );
  // Else nothing was said of anything.
  expect(mostKept).toBeGreaterThan(3);
});

it("knows a category once that is named twice, and follows every change that it is made of", async () => {
  const captured = capturedMistake(newProjectId(), { categories: ["S1", "S1", "offensive"] });
  const { id, projectId } = captured.mistake;
  const kept = async (): Promise<readonly unknown[]> => await rows(KEPT, projectId);
  const row = { state: "captured", source: "production", kind: "other", id };
  await stores.mistakes.insertCaptured([captured, captured]);
  expect(await kept()).toEqual([
    { category: "S1", ...row },
    { category: "offensive", ...row },
  ]);
  // One at a time: a statement that sets several would fire the trigger by any of them.
  for (const change of ["state = 'analysed'", "source = 'import'", "kind = 'leaked'", `categories = '["S2"]'`]) {
    await env.DB.prepare(`UPDATE mistakes SET ${change} WHERE id = ?`).bind(id).run();
    expect(await kept(), change).toEqual(await rows(SAID, projectId));
  }
  expect(await kept()).toEqual([{ category: "S2", state: "analysed", source: "import", kind: "leaked", id }]);
  await env.DB.prepare("DELETE FROM mistakes WHERE id = ?").bind(id).run();
  expect(await kept()).toEqual([]);
});
