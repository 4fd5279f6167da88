// Exact recurrences within one batch whose first one is not stored by it: what came beside it is stored or counted, never lost, and
// never fails the batch.
import { env } from "cloudflare:workers";
import { expect, it } from "vitest";
import { D1ErasureStore } from "../../../src/adapters/d1/d1-erasure-store.ts";
import { D1MistakeStore } from "../../../src/adapters/d1/d1-mistake-store.ts";
import { openDatabase } from "../../../src/adapters/d1/database.ts";
import { R2ObjectStore } from "../../../src/adapters/r2/r2-object-store.ts";
import { sketchOf } from "../../../src/mistake/min-hash.ts";
import { erasureOf } from "../../contract/erasure-store.ts";
import { auditEntryOf, capturedMistake, newProjectId, type CapturedMistake } from "../../fixtures/records.ts";

const database = openDatabase(env.DB);
const mistakes = new D1MistakeStore(database, new R2ObjectStore(env.OBJECTS));

function marked(projectId: string, endUser: string | null = null): CapturedMistake {
  const { provenance } = capturedMistake(projectId).mistake;
  const captured = capturedMistake(projectId, { clusterId: "clu_same", provenance: { ...provenance, endUser } });
  return { ...captured, mark: { contentHash: "same", sketch: sketchOf("same"), counters: [] } };
}

async function erase(projectId: string, endUser: string, capturedUntil: number): Promise<void> {
  const terms = { endUsers: [endUser], capturedUntil, expiresAt: Date.UTC(2100, 0) };
  await new D1ErasureStore(database).begin(erasureOf(projectId), terms, auditEntryOf(projectId));
}

async function storedIds(projectId: string): Promise<readonly string[]> {
  const { items } = await mistakes.list(projectId, {}, { limit: 100, cursor: null });
  return items.map(({ mistake }) => mistake.id);
}

it("stores what another person's erased mistake came with, once", async () => {
  const project = newProjectId();
  const [erased, other, third] = [marked(project, "v1.gone"), marked(project), marked(project)];
  await erase(project, "v1.gone", Date.UTC(2100, 0));
  await mistakes.insertCaptured([erased, other, third]);
  const [stored, ...more] = await storedIds(project);
  expect(more).toEqual([]);
  expect(await mistakes.get(project, erased.mistake.id)).toBeNull();
  for (const { mistake } of [other, third]) {
    expect((await mistakes.get(project, mistake.id))?.mistake.id).toBe(stored);
  }
});

it("stores what the same person said again after their erasure", async () => {
  const project = newProjectId();
  const [before, after] = [marked(project, "v1.back"), marked(project, "v1.back")];
  await erase(project, "v1.back", before.mistake.createdAt);
  await mistakes.insertCaptured([before, after]);
  expect(await storedIds(project)).toEqual([after.mistake.id]);
});

it("stores one of a content as ever where nobody is erased, whoever brought it", async () => {
  const project = newProjectId();
  const [first, ...rest] = ["v1.a", "v1.b", null, "v1.a"].map((endUser) => marked(project, endUser));
  if (first === undefined) throw new Error("there is no first one");
  await mistakes.insertCaptured([first, ...rest]);
  expect(await storedIds(project)).toEqual([first.mistake.id]);
  for (const { mistake } of rest) {
    expect((await mistakes.get(project, mistake.id))?.mistake.id).toBe(first.mistake.id);
  }
});
