// Any history of a store gives the same answers on real D1 and on the fake that other tests trust in its place; and filters give what
// a plain look at every mistake gives. Law: compared after every step, so that the shortest history shows a difference.
import { env } from "cloudflare:workers";
import fc from "fast-check";
import { expect, it } from "vitest";
import { D1MistakeStore } from "../../../src/adapters/d1/d1-mistake-store.ts";
import { D1ReleaseStore } from "../../../src/adapters/d1/d1-release-store.ts";
import { D1RetentionStore } from "../../../src/adapters/d1/d1-retention-store.ts";
import { D1ReviewStore } from "../../../src/adapters/d1/d1-review-store.ts";
import { openDatabase } from "../../../src/adapters/d1/database.ts";
import { R2ObjectStore } from "../../../src/adapters/r2/r2-object-store.ts";
import { idFloor } from "../../../src/lib/ids.ts";
import type { Mistake } from "../../../src/mistake/mistake.ts";
import type { MistakeFilter, MistakeStore } from "../../../src/mistake/mistake-store.ts";
import { InMemoryMistakeStore } from "../../fakes/in-memory-mistake-store.ts";
import { InMemoryObjectStore } from "../../fakes/in-memory-object-store.ts";
import { InMemoryReleaseStore } from "../../fakes/in-memory-release-store.ts";
import { InMemoryReviewStore } from "../../fakes/in-memory-review-store.ts";
import {
  arbitraryFilter,
  arbitraryHistory,
  populate,
  prepareStep,
  type SteppedStores,
} from "../../fixtures/store-steps.ts";

const database = openDatabase(env.DB);
const onD1: SteppedStores = {
  mistakes: new D1MistakeStore(database, new R2ObjectStore(env.OBJECTS)),
  reviews: new D1ReviewStore(database),
  releases: new D1ReleaseStore(database),
  retention: new D1RetentionStore(database),
};

function inMemory(): SteppedStores {
  const mistakes = new InMemoryMistakeStore(new InMemoryObjectStore());
  return {
    mistakes,
    reviews: new InMemoryReviewStore(mistakes),
    releases: new InMemoryReleaseStore(mistakes),
    retention: mistakes,
  };
}

function fits(filter: MistakeFilter, mistake: Mistake): boolean {
  const { state, source, kind, narrow, createdAfter, createdBefore } = filter;
  const { keyId, policyVersion } = mistake.provenance;
  const has = {
    category: (value: string) => mistake.categories.some((each) => each === value),
    key: (value: string) => keyId === value,
    policy: (value: string) => policyVersion === value,
    cluster: (value: string) => mistake.clusterId === value,
    quarantine: (value: string) => mistake.quarantine === value,
  };
  return (
    (state === undefined || mistake.state === state) &&
    (source === undefined || mistake.source === source) &&
    (kind === undefined || mistake.kind === kind) &&
    (narrow === undefined || has[narrow.by](narrow.value)) &&
    (createdAfter === undefined || mistake.id >= idFloor("mis", createdAfter)) &&
    (createdBefore === undefined || mistake.id < idFloor("mis", createdBefore))
  );
}

async function walk(store: MistakeStore, projectId: string, filter: MistakeFilter, limit: number) {
  const found: Mistake[] = [];
  for (let cursor: string | null = null; ;) {
    const page: Awaited<ReturnType<MistakeStore["list"]>> = await store.list(projectId, filter, { limit, cursor });
    found.push(...page.items.map(({ mistake }) => mistake));
    cursor = page.items.at(-1)?.mistake.id ?? null;
    if (!page.hasMore) return found;
  }
}

it("gives the same answers on D1 and on the fake, whatever happened", async () => {
  const asked = fc.array(fc.record({ filter: arbitraryFilter, limit: fc.integer({ min: 1, max: 4 }) }), {
    minLength: 3,
    maxLength: 3,
  });
  await fc.assert(
    fc.asyncProperty(arbitraryHistory, asked, async ({ traits, steps }, questions) => {
      const population = populate(traits);
      const { projectId } = population;
      const fake = inMemory();
      for (const step of steps) {
        const take = prepareStep(population, step);
        expect(await take(onD1), step.step).toEqual(await take(fake));
        const page = { limit: 100, cursor: null };
        const whole = await onD1.mistakes.list(projectId, {}, page);
        expect(whole, step.step).toEqual(await fake.mistakes.list(projectId, {}, page));
      }
      const all = await walk(onD1.mistakes, projectId, {}, 100);
      for (const { filter, limit } of questions) {
        const found = await walk(onD1.mistakes, projectId, filter, limit);
        expect(found, JSON.stringify(filter)).toEqual(all.filter((mistake) => fits(filter, mistake)));
        expect(await walk(fake.mistakes, projectId, filter, limit)).toEqual(found);
      }
      const attacks = { limit: 3, cursor: null };
      const ofKey = { keyId: "key_1" };
      expect(await onD1.mistakes.listAttacks(projectId, attacks, ofKey)).toEqual(
        await fake.mistakes.listAttacks(projectId, attacks, ofKey),
      );
      for (const { mistake } of population.mistakes) {
        expect(await onD1.mistakes.get(projectId, mistake.id)).toEqual(await fake.mistakes.get(projectId, mistake.id));
      }
    }),
    { numRuns: 30 },
  );
});
