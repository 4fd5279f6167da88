// What becomes of the object of a text that gets no row: an exact recurrence, or what an erasure keeps out.
import { env } from "cloudflare:workers";
import { expect, it } from "vitest";
import { D1ClusterStore } from "../../../src/adapters/d1/d1-cluster-store.ts";
import { D1MistakeStore } from "../../../src/adapters/d1/d1-mistake-store.ts";
import { openDatabase } from "../../../src/adapters/d1/database.ts";
import { erasedEndUsers } from "../../../src/db/privacy-tables.ts";
import { spillCaptured, triedToSpill } from "../../../src/induction/spill-captured.ts";
import type { Captured } from "../../../src/mistake/mistake-store.ts";
import { InMemoryObjectStore } from "../../fakes/in-memory-object-store.ts";
import { capturesInto, UNLIMITED } from "../../fakes/poisoning.ts";
import { capturedAttack, capturedExchange, capturedMistake, newProjectId } from "../../fixtures/records.ts";

const database = openDatabase(env.DB);

function setup() {
  const objects = new InMemoryObjectStore();
  const stores = { mistakes: new D1MistakeStore(database, objects), clusters: new D1ClusterStore(database) };
  const captures = capturesInto(stores, UNLIMITED, objects);
  const insert = async (...captured: readonly Captured[]): Promise<void> => {
    const spilled: Captured[] = [];
    for (const item of captured) spilled.push(await spillCaptured(objects, item));
    await captures.insertCaptured(spilled);
  };
  return { objects, insert, captures, ...stores, project: newProjectId() };
}

it("deletes the object of an exact recurrence, and keeps that of the mistake that it repeats", async () => {
  const { objects, insert, mistakes, project } = setup();
  const [first, later] = [capturedMistake(project), capturedMistake(project)];
  await insert(first, capturedMistake(project));
  await insert(later);
  expect(await objects.list("", 10)).toEqual([`projects/${project}/mistakes/${first.mistake.id}.json`]);
  expect((await mistakes.get(project, later.mistake.id))?.mistake.id).toBe(first.mistake.id);
});

it("deletes it when the batch comes again because the object store refused", async () => {
  const { objects, insert, captures, project } = setup();
  const [first, again] = [capturedMistake(project), capturedMistake(project)];
  await insert(first);
  const spilled = await spillCaptured(objects, again);
  const refusing = new InMemoryObjectStore();
  refusing.down = true;
  const stores = { mistakes: new D1MistakeStore(database, refusing), clusters: new D1ClusterStore(database) };
  await expect(capturesInto(stores, UNLIMITED, objects).insertCaptured([spilled])).rejects.toThrow();
  expect(await objects.list("", 10)).toHaveLength(2);
  await captures.insertCaptured([spilled]);
  expect(await objects.list("", 10)).toHaveLength(1);
  // Delivered once more, its text is gone and it is known all the same.
  await captures.insertCaptured([spilled]);
  expect(await objects.list("", 10)).toHaveLength(1);
});

it("deletes what an erasure keeps out, of whatever type, and nothing of anybody else", async () => {
  const { objects, insert, project } = setup();
  const endUser = "1.forgotten";
  await database
    .insert(erasedEndUsers)
    .values({ projectId: project, endUser, erasureId: "era_1", capturedUntil: 9e15, expiresAt: 9e15 });
  const { provenance } = capturedMistake(project).mistake;
  const [gone, stays] = [
    capturedMistake(project, { provenance: { ...provenance, endUser } }),
    capturedMistake(project, { provenance: { ...provenance, endUser: "1.stays" } }),
  ];
  const attack = capturedAttack(project);
  await insert(gone, stays, { ...attack, attack: { ...attack.attack, endUser } }, capturedAttack(project));
  const left = await objects.list("", 10);
  expect(left.filter((key) => key.includes("/attacks/"))).toHaveLength(1);
  expect(left.filter((key) => key.includes("/mistakes/"))).toEqual([
    `projects/${project}/mistakes/${stays.mistake.id}.json`,
  ]);
});

it("deletes an object that came to be beside a row with the same text, of whatever type", async () => {
  const { objects, insert, captures, project } = setup();
  const items = [capturedMistake(project), capturedAttack(project), capturedExchange(project)];
  await captures.insertCaptured(items);
  // Delivered once more, each is spilled, which failed the first time.
  await insert(...items);
  expect(await objects.list("", 10)).toEqual([]);
});

it("deletes an object of which only the answer was lost", async () => {
  const { objects, captures, project } = setup();
  const items = [capturedMistake(project), capturedAttack(project), capturedExchange(project)];
  for (const item of items) await spillCaptured(objects, item);
  await captures.insertCaptured(items.map(triedToSpill));
  expect(await objects.list("", 10)).toEqual([]);
});

it("leaves an object to the row that names it, whatever another delivery could not do", async () => {
  const { objects, insert, captures, project } = setup();
  const items = [capturedMistake(project), capturedAttack(project), capturedExchange(project)];
  await insert(...items);
  await captures.insertCaptured(items.map(triedToSpill));
  expect(await objects.list("", 10)).toHaveLength(3);
});
