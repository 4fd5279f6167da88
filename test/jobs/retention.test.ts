// What retention deletes: by whose policy, how much at once, and what becomes of it when the object store refuses.
import { expect, it } from "vitest";
import { deleteExpired, type RetentionDependencies } from "../../src/jobs/retention.ts";
import { createMakeId } from "../../src/lib/ids.ts";
import { InMemoryKeyStore } from "../fakes/in-memory-key-store.ts";
import { InMemoryMistakeStore } from "../fakes/in-memory-mistake-store.ts";
import { InMemoryObjectStore } from "../fakes/in-memory-object-store.ts";
import { InMemoryPolicyStore } from "../fakes/in-memory-policy-store.ts";
import { policyOf } from "../fixtures/policies.ts";
import { capturedMistake, exchangeOf, newProjectId } from "../fixtures/records.ts";

const NOW = Date.UTC(2026, 10, 23, 12);
const DAY = 86_400_000;

interface Setup {
  readonly run: (changes?: Partial<RetentionDependencies>) => Promise<number>;
  readonly addProject: (retentionDays?: number | null) => Promise<string>;
  readonly addMistake: (projectId: string, ageDays: number, objectKey?: string) => Promise<string>;
  readonly mistakes: InMemoryMistakeStore;
  readonly objects: InMemoryObjectStore;
}

function setup(): Setup {
  const objects = new InMemoryObjectStore();
  const [mistakes, policies, keys] = [
    new InMemoryMistakeStore(objects),
    new InMemoryPolicyStore(),
    new InMemoryKeyStore(),
  ];
  return {
    mistakes,
    objects,
    run: async (changes = {}) =>
      await deleteExpired({
        ...{ retention: mistakes, policies, keys, objects, defaultDays: null, clock: () => NOW },
        ...changes,
      }),
    addProject: async (days) => {
      const id = newProjectId();
      await keys.insertProject({ id, name: "p", createdAt: 0 });
      const policy = policyOf(id, { retention_days: days ?? null });
      const assignment = { projectId: id, keyId: null, policyId: policy.id };
      if (days !== undefined) await policies.insertPolicy(policy, assignment, []);
      return id;
    },
    addMistake: async (projectId, ageDays, objectKey) => {
      const made = createMakeId(
        () => NOW - ageDays * DAY,
        (length) => crypto.getRandomValues(new Uint8Array(length)),
      );
      const captured = capturedMistake(projectId, { id: made("mis") });
      if (objectKey !== undefined) await objects.put(objectKey, JSON.stringify(exchangeOf()), "application/json");
      const exchange = objectKey === undefined ? captured.exchange : { objectKey };
      await mistakes.insertCaptured([{ ...captured, exchange }]);
      return captured.mistake.id;
    },
  };
}

it("goes by the project's own policy, else by the gateway's", async () => {
  const { run, addProject, addMistake, mistakes } = setup();
  const [month, forever, byDefault] = [await addProject(30), await addProject(null), await addProject()];
  for (const project of [month, forever, byDefault]) for (const age of [5, 20, 40]) await addMistake(project, age);
  const left = async (project: string): Promise<number> =>
    (await mistakes.list(project, {}, { limit: 10, cursor: null })).items.length;
  expect(await run()).toBe(1);
  expect([await left(month), await left(forever), await left(byDefault)]).toEqual([2, 3, 3]);
  expect(await run({ defaultDays: 10 })).toBe(2);
  expect([await left(month), await left(forever), await left(byDefault)]).toEqual([2, 3, 1]);
});

it("deletes the object, and the row only after it", async () => {
  const { run, addProject, addMistake, mistakes, objects } = setup();
  const project = await addProject(1);
  const id = await addMistake(project, 2, "projects/p/mistakes/one.json");
  objects.down = true;
  await expect(run()).rejects.toThrow();
  objects.down = false;
  expect(await mistakes.get(project, id)).not.toBeNull();
  expect(await run()).toBe(1);
  expect(await objects.getText("projects/p/mistakes/one.json")).toBeNull();
  expect(await mistakes.get(project, id)).toBeNull();
});

it("runs every ten minutes, and takes the projects in turn", async () => {
  const { run, addProject, addMistake } = setup();
  for (let count = 0; count < 25; count += 1) await addMistake(await addProject(1), 2);
  expect(await run({ clock: () => NOW + 60_000 })).toBe(0);
  const first = await run();
  const second = await run({ clock: () => NOW + 600_000 });
  expect([first, first + second]).toEqual([20, 25]);
});
