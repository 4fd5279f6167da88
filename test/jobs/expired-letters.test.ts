// When a dead letter ends: with its policy's retention if something was captured, else after 30 days, and never before.
import { expect, it } from "vitest";
import { deleteExpiredLetters, type ExpiredLettersDependencies } from "../../src/jobs/expired-letters.ts";
import { letterBody } from "../../src/induction/dead-letter.ts";
import { createMakeId } from "../../src/lib/ids.ts";
import { InMemoryKeptExchangeStore } from "../fakes/in-memory-kept-exchange-store.ts";
import { InMemoryKeyStore } from "../fakes/in-memory-key-store.ts";
import { InMemoryMistakeStore } from "../fakes/in-memory-mistake-store.ts";
import { InMemoryObjectStore } from "../fakes/in-memory-object-store.ts";
import { InMemoryPolicyStore } from "../fakes/in-memory-policy-store.ts";
import { KeptLogger } from "../fakes/kept-logger.ts";
import { policyOf } from "../fixtures/policies.ts";
import { capturedAttack, capturedExchange, capturedMistake, exchangeOf, newProjectId } from "../fixtures/records.ts";

const NOW = Date.UTC(2026, 10, 23, 12);
const DAY = 86_400_000;

function setup() {
  const objects = new InMemoryObjectStore();
  const [mistakes, policies, logger] = [new InMemoryMistakeStore(objects), new InMemoryPolicyStore(), new KeptLogger()];
  const keptExchanges = new InMemoryKeptExchangeStore(new Map(), objects);
  const keys = new InMemoryKeyStore();
  return {
    ...{ objects, mistakes, logger },
    run: async (changes: Partial<ExpiredLettersDependencies> = {}): Promise<number> =>
      await deleteExpiredLetters({
        ...{ objects, mistakes, keptExchanges, policies, keys, logger, defaultDays: null, clock: () => NOW },
        ...changes,
      }),
    policy: async (projectId: string, keyId: string | null, days: number | null): Promise<void> => {
      const policy = policyOf(projectId, { retention_days: days });
      await policies.insertPolicy(policy, { projectId, keyId, policyId: policy.id }, []);
    },
    letter: async (name: string, body: unknown, ageDays = 0): Promise<void> => {
      const text = JSON.stringify({ queue: "q", attempts: 3, died_at: NOW - ageDays * DAY, body });
      await objects.put(`dead-letters/${name}.json`, text, "application/json");
    },
    spooled: async (key: string, body: unknown): Promise<void> => {
      await objects.put(key, JSON.stringify(body), "application/json");
    },
    left: async (): Promise<readonly string[]> => await objects.list("", 1_000),
  };
}

const idOf = (prefix: "mis" | "atk" | "exc", ageDays: number): string =>
  createMakeId(
    () => NOW - ageDays * DAY,
    (length) => crypto.getRandomValues(new Uint8Array(length)),
  )(prefix);

it("keeps what was captured as long as its row would be kept: by the key's policy, else the project's", async () => {
  const { run, policy, letter, left } = setup();
  const [project, forever, byDefault] = [newProjectId(), newProjectId(), newProjectId()];
  await policy(project, null, 30);
  await policy(project, "key_short", 5);
  await policy(forever, null, null);
  const old = (projectId: string, age: number, keyId = "key_root") => {
    const captured = capturedMistake(projectId, { id: idOf("mis", age) });
    return {
      ...captured,
      mistake: { ...captured.mistake, provenance: { ...captured.mistake.provenance, keyId } },
    };
  };
  await letter("a-kept", old(project, 29), 29);
  await letter("b-gone", old(project, 31), 1);
  await letter("c-gone", old(project, 6, "key_short"));
  await letter("d-kept", old(forever, 4_000), 4_000);
  await letter("e-kept", old(byDefault, 40));
  await letter("f-gone", capturedAttack(project, { id: idOf("atk", 31) }));
  expect(await run()).toBe(3);
  expect((await left()).map((key) => key.slice("dead-letters/".length, -".json".length))).toEqual([
    "a-kept",
    "d-kept",
    "e-kept",
  ]);
  expect(await run({ defaultDays: 35 })).toBe(1);
});

it("ends a kept exchange with its window", async () => {
  const { run, letter } = setup();
  await letter("over", capturedExchange(newProjectId(), { expiresAt: NOW }));
  await letter("open", capturedExchange(newProjectId(), { expiresAt: NOW + 1 }));
  expect(await run()).toBe(1);
});

it("keeps everything else for 30 days; what has no date gets today's", async () => {
  const { run, letter, objects, spooled, left } = setup();
  await letter("young", { mistakeId: "m" }, 29);
  await letter("old", { mistakeId: "m" }, 31);
  await objects.put("dead-letters/spool/torn.json", "{torn", "application/json");
  await spooled("spool/unreadable.json", { of: "no form" });
  expect(await run()).toBe(1);
  expect(await left()).toEqual(["dead-letters/spool/torn.json", "dead-letters/young.json", "spool/unreadable.json"]);
  expect(letterBody((await objects.getText("dead-letters/spool/torn.json")) ?? "")).toBe("{torn");
  expect(await run({ clock: () => NOW + 29 * DAY })).toBe(1);
  expect(await run({ clock: () => NOW + 31 * DAY })).toBe(1);
  expect(await left()).toEqual(["spool/unreadable.json"]);
});

it("takes from the spool what its policy would delete at once, with the object of its text, unless a row has it", async () => {
  const { run, policy, objects, mistakes, spooled, left } = setup();
  const project = newProjectId();
  await policy(project, null, 10);
  const spill = async (age: number) => {
    const captured = capturedMistake(project, { id: idOf("mis", age) });
    const objectKey = `projects/${project}/mistakes/${captured.mistake.id}.json`;
    await objects.put(objectKey, JSON.stringify(exchangeOf()), "application/json");
    const spilled = { ...captured, exchange: { objectKey } };
    await spooled(`spool/${captured.mistake.id}.json`, spilled);
    return { spilled, objectKey };
  };
  const [lone, stored, young] = [await spill(11), await spill(12), await spill(9)];
  await mistakes.insertCaptured([stored.spilled]);
  expect(await run()).toBe(2);
  expect(await left()).toEqual(
    [stored.objectKey, young.objectKey, `spool/${young.spilled.mistake.id}.json`].toSorted(),
  );
  expect(await left()).not.toContain(lone.objectKey);
});

it("reads a hundred a run in turn, every ten minutes, and goes on past what it can't read", async () => {
  const { run, letter, objects, logger } = setup();
  for (let place = 0; place < 150; place += 1) await letter(`l${place}`, {}, 40);
  expect(await run({ clock: () => NOW + 60_000 })).toBe(0);
  const real = objects.getText.bind(objects);
  objects.getText = async (key) =>
    key.endsWith("/l7.json") ? await Promise.reject(new Error("away")) : await real(key);
  const done = [await run(), await run({ clock: () => NOW + 600_000 }), await run({ clock: () => NOW + 1_200_000 })];
  expect(done.every((count) => count <= 100)).toBe(true);
  expect(done.reduce((sum, count) => sum + count, 0)).toBe(149);
  expect(logger.of("letter_not_deleted").length).toBeGreaterThan(0);
});
