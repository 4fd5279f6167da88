// What retention deletes: by whose policy, how much at once, and what becomes of it when the object store refuses.
import { expect, it } from "vitest";
import { deleteExpired, type RetentionDependencies } from "../../src/jobs/retention.ts";
import { createMakeId, idFloor } from "../../src/lib/ids.ts";
import { InMemoryFeedbackStore } from "../fakes/in-memory-feedback-store.ts";
import { InMemoryKeyStore } from "../fakes/in-memory-key-store.ts";
import { InMemoryMistakeStore } from "../fakes/in-memory-mistake-store.ts";
import { InMemoryObjectStore } from "../fakes/in-memory-object-store.ts";
import { InMemoryPolicyStore } from "../fakes/in-memory-policy-store.ts";
import { policyOf } from "../fixtures/policies.ts";
import { capturedMistake, exchangeOf, feedbackOf, newProjectId } from "../fixtures/records.ts";

const NOW = Date.UTC(2026, 10, 23, 12);
const DAY = 86_400_000;

interface Setup {
  readonly run: (changes?: Partial<RetentionDependencies>) => Promise<number>;
  readonly addProject: (retentionDays?: number | null) => Promise<string>;
  readonly assign: (projectId: string, keyId: string, retentionDays: number | null) => Promise<void>;
  readonly addMistake: (
    projectId: string,
    ageDays: number,
    given?: { readonly objectKey?: string; readonly keyId?: string },
  ) => Promise<string>;
  readonly feedback: InMemoryFeedbackStore;
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
  const feedback = new InMemoryFeedbackStore();
  return {
    mistakes,
    objects,
    feedback,
    assign: async (projectId, keyId, days) => {
      const policy = policyOf(projectId, { retention_days: days });
      await policies.insertPolicy(policy, { projectId, keyId, policyId: policy.id }, []);
    },
    run: async (changes = {}) =>
      await deleteExpired({
        ...{ retention: mistakes, feedback, policies, keys, objects, defaultDays: null, clock: () => NOW },
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
    addMistake: async (projectId, ageDays, { objectKey, keyId = "key_root" } = {}) => {
      const made = createMakeId(
        () => NOW - ageDays * DAY,
        (length) => crypto.getRandomValues(new Uint8Array(length)),
      );
      const { provenance } = capturedMistake(projectId).mistake;
      const captured = capturedMistake(projectId, { id: made("mis"), provenance: { ...provenance, keyId } });
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

it("gives every project its share of a run, however much another one has", async () => {
  const { run, addProject, addMistake, mistakes } = setup();
  const [flooded, other] = [await addProject(30), await addProject(30)];
  for (let count = 0; count < 2_100; count += 1) await addMistake(flooded, 40);
  const own = await addMistake(other, 40);
  await run();
  expect(await mistakes.get(other, own)).toBeNull();
});

it("goes by a key's own policy before the project's, whichever keeps longer", async () => {
  const { run, addProject, assign, addMistake, mistakes } = setup();
  const project = await addProject(30);
  await assign(project, "key_short", 10);
  await assign(project, "key_long", 60);
  await assign(project, "key_forever", null);
  const byDefault = await addProject();
  await assign(byDefault, "key_short", 10);
  const names = new Map<string, string>();
  for (const of of [project, byDefault]) {
    for (const keyId of ["key_root", "key_short", "key_long", "key_forever"]) {
      for (const age of [5, 20, 40, 90]) names.set(await addMistake(of, age, { keyId }), `${keyId} ${age}`);
    }
  }
  const left = async (of: string, keyId: string): Promise<readonly string[]> =>
    (await mistakes.list(of, {}, { limit: 100, cursor: null })).items
      .map(({ mistake }) => names.get(mistake.id) ?? "")
      .filter((name) => name.startsWith(`${keyId} `))
      .map((name) => name.slice(keyId.length + 1));
  expect(await run()).toBe(2 + 3 + 1 + 3);
  expect(await left(project, "key_root")).toEqual(["5", "20"]);
  expect(await left(project, "key_short")).toEqual(["5"]);
  expect(await left(project, "key_long")).toEqual(["5", "20", "40"]);
  expect(await left(project, "key_forever")).toEqual(["5", "20", "40", "90"]);
  expect(await left(byDefault, "key_root")).toHaveLength(4);
  expect(await left(byDefault, "key_short")).toEqual(["5"]);
});

it("deletes feedback of which there is no mistake with the project's mistakes", async () => {
  const { run, addProject, feedback } = setup();
  const [month, forever] = [await addProject(30), await addProject(null)];
  for (const project of [month, forever]) {
    for (const age of [20, 40]) {
      const id = `${idFloor("fbk", NOW - age * DAY)}0000000000000000`;
      await feedback.record(feedbackOf(project, { id: `${id}${project}`, voice: `v${age}` }), null);
    }
  }
  expect(await run()).toBe(1);
  const left = async (project: string): Promise<readonly string[]> =>
    (await feedback.list(project, {}, { limit: 9, cursor: null })).items.map(({ voice }) => voice);
  expect(await left(month)).toEqual(["v20"]);
  expect(await left(forever)).toHaveLength(2);
});

it("deletes the object, and the row only after it", async () => {
  const { run, addProject, addMistake, mistakes, objects } = setup();
  const project = await addProject(1);
  const id = await addMistake(project, 2, { objectKey: "projects/p/mistakes/one.json" });
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
