// What the durability check finds wrong with a store: nothing with a right one, and each single damage by its name.
import { expect, it } from "vitest";
import { faultsOfStore, type Known, type StoredRows } from "../../../scripts/durability/faults-of-store.ts";
import { type Planned, plannedOf, PLAIN_PROJECT, STRICT_PROJECT } from "../../../scripts/durability/traffic.ts";

const MINUTE = 60_000;

const plan = (changes: Partial<Planned>): Planned => ({ ...plannedOf(0), endUser: null, isHeld: false, ...changes });

const planned = new Map([
  ["m1", plan({ projectId: PLAIN_PROJECT, keyId: "key_1", content: "a", releasedCharacters: 0, endUser: "u" })],
  ["m2", plan({ projectId: STRICT_PROJECT, keyId: "key_2", content: "b", releasedCharacters: 0, isHeld: true })],
  ["r1", plan({ projectId: PLAIN_PROJECT, keyId: "key_1", content: "a", releasedCharacters: 0 })],
]);
const known: Known = { accepted: new Set(["m1", "m2", "r1"]), planned, analysed: new Set(["m1"]) };
const count = (projectId: string, subject: string, lengthMinutes: number, captured: number) => ({
  ...{ projectId, subject, lengthMinutes, startMinute: 0, captured },
});
const right: StoredRows = {
  mistakes: [
    { id: "m1", clusterId: "c1", quarantine: null, objectKey: "projects/p/mistakes/m1.json", createdAt: MINUTE },
    { id: "m2", clusterId: "c2", quarantine: "contradiction", objectKey: null, createdAt: MINUTE },
  ],
  recurrences: [{ id: "r1", mistakeId: "m1", createdAt: 2 * MINUTE }],
  clusters: [
    { id: "c1", size: 2 },
    { id: "c2", size: 1 },
  ],
  counts: [
    ...[count(PLAIN_PROJECT, "key:key_1", 1_440, 2), count(PLAIN_PROJECT, "key:key_1", 10, 2)],
    ...[count(STRICT_PROJECT, "key:key_2", 1_440, 1), count(STRICT_PROJECT, "key:key_2", 10, 1)],
    ...[count(PLAIN_PROJECT, "user:u", 1_440, 1), count(PLAIN_PROJECT, "cluster:c1", 10, 1)],
  ],
  queued: [
    { mistakeId: "m1", reason: "flagged" },
    { mistakeId: "m2", reason: "quarantined" },
  ],
  objects: ["projects/p/mistakes/m1.json"],
};

function found(rows: Partial<StoredRows>, changes: Partial<Known> = {}): Readonly<Record<string, number>> {
  const faults = faultsOfStore({ ...right, ...rows }, { ...known, ...changes });
  return Object.fromEntries(Object.entries(faults).filter(([, times]) => times > 0));
}

it("finds nothing wrong with what is right", () => {
  expect(found({})).toEqual({});
});

it.each<[string, Partial<StoredRows>, Partial<Known>]>([
  ["lost", { recurrences: [] }, {}],
  ["lost", { recurrences: [{ id: "r1", mistakeId: "gone", createdAt: MINUTE }] }, {}],
  ["twice", { recurrences: [...right.recurrences, { id: "m2", mistakeId: "m1", createdAt: MINUTE }] }, {}],
  ["unknown", {}, { planned: new Map([...planned].slice(1)) }],
  ["repeats of another content", { recurrences: [{ id: "r1", mistakeId: "m2", createdAt: MINUTE }] }, {}],
  ["contents stored twice", {}, { planned: new Map([...planned, ["m2", plan({ content: "a" })]]) }],
  ["cluster sizes", { clusters: [{ id: "c1", size: 3 }, ...right.clusters.slice(1)] }, {}],
  ["counts", { counts: right.counts.map((row) => ({ ...row, captured: row.captured + 1 })) }, {}],
  ["counts", { counts: right.counts.slice(1) }, {}],
  ["review queue", { queued: right.queued.slice(1) }, {}],
  ["review queue", { queued: [...right.queued, { mistakeId: "r1", reason: "flagged" }] }, {}],
  ["analyses not asked for", {}, { analysed: new Set() }],
  ["analyses of quarantined", {}, { analysed: new Set(["m1", "m2"]) }],
  ["objects that nothing names", { objects: [...right.objects, "projects/p/mistakes/r1.json"] }, {}],
  ["objects that are gone", { objects: [] }, {}],
])("finds %s", (name, rows, changes) => {
  const mistakes =
    name === "contents stored twice" ? right.mistakes.map((row) => ({ ...row, quarantine: null })) : right.mistakes;
  expect(found({ mistakes, ...rows }, changes)).toHaveProperty([name]);
});

it("makes the same traffic of a number each time, with repeats, near duplicates, large ones and both projects", () => {
  const some = Array.from({ length: 4_000 }, (_, number) => plannedOf(number));
  expect(plannedOf(1_234)).toEqual(some[1_234]);
  const contents = new Map<string, Set<string>>();
  for (const { content, prompt, answer } of some) {
    contents.set(content, (contents.get(content) ?? new Set()).add(`${prompt}\n${answer}`));
  }
  expect([...contents.values()].every((texts) => texts.size === 1)).toBe(true);
  expect(contents.size).toBeLessThan(some.length * 0.8);
  expect([...contents.keys()].some((name) => name.startsWith("near "))).toBe(true);
  expect(some.some(({ answer }) => answer.length > 40_000)).toBe(true);
  expect(some.some(({ isHeld }) => isHeld)).toBe(true);
});
