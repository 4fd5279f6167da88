// Captures with their cluster and quarantine: by the key's own policy, with exchanges that are objects, and when something is missing.
import { expect, it } from "vitest";
import type { ChosenPolicy } from "../../src/guardrail/stored-policy-directory.ts";
import { ClusteredCaptures } from "../../src/induction/clustered-captures.ts";
import type { Result } from "../../src/lib/result.ts";
import type { Mistake } from "../../src/mistake/mistake.ts";
import { DEFAULT_POLICY } from "../../src/policy/policy.ts";
import { notFound, type Problem } from "../../src/problem.ts";
import { InMemoryMistakeStore } from "../fakes/in-memory-mistake-store.ts";
import { InMemoryObjectStore } from "../fakes/in-memory-object-store.ts";
import { KeptLogger } from "../fakes/kept-logger.ts";
import { UNLIMITED } from "../fakes/poisoning.ts";
import { variantOf } from "../fixtures/near-duplicates.ts";
import { capturedMistake, newProjectId } from "../fixtures/records.ts";

const distrusting = { ...UNLIMITED, trust: { ...UNLIMITED.trust, production: "quarantine" as const } };

function scene(forKey: (projectId: string, keyId: string) => Result<ChosenPolicy, Problem>) {
  const objects = new InMemoryObjectStore();
  const mistakes = new InMemoryMistakeStore(objects);
  const logger = new KeptLogger();
  const asked: string[] = [];
  const policyDirectory = {
    forKey: async (projectId: string, keyId: string) => {
      asked.push(keyId);
      return await Promise.resolve(forKey(projectId, keyId));
    },
  };
  const { clusters } = mistakes;
  const captures = new ClusteredCaptures({
    mistakes,
    clusters,
    objects,
    policyDirectory,
    poisoning: UNLIMITED,
    logger,
  });
  const list = async (project: string): Promise<readonly Mistake[]> =>
    (await mistakes.list(project, {}, { limit: 100, cursor: null })).items.map(({ mistake }) => mistake);
  return { objects, mistakes, logger, asked, captures, list };
}

const NONE = { ok: true, value: { own: null, monitor: false, allowances: [] } } as const;

it("goes by the policy of each mistake's own key, looked up once a batch", async () => {
  const policy = { ...DEFAULT_POLICY, poisoning: distrusting };
  const own = { policy, guardrails: { fast: [], slow: [] }, enforced: null };
  const { captures, asked, list } = scene((_, keyId) =>
    keyId === "key_strict" ? { ok: true, value: { ...NONE.value, own } } : NONE,
  );
  const project = newProjectId();
  const { provenance } = capturedMistake(project).mistake;
  const of = (keyId: string | null, topic: number) =>
    capturedMistake(project, { provenance: { ...provenance, keyId } }, variantOf(topic, 0));
  await captures.insertCaptured([of("key_strict", 0), of("key_mild", 1), of("key_strict", 2), of(null, 3)]);
  expect((await list(project)).map(({ quarantine }) => quarantine).toReversed()).toEqual([
    "source",
    null,
    "source",
    null,
  ]);
  expect(asked).toEqual(["key_strict", "key_mild", ""]);
});

it("goes by the gateway's own while a project's policy can't be read, and loses nothing", async () => {
  const { captures, list } = scene(() => ({ ok: false, error: notFound("policy", "pol_1") }));
  const project = newProjectId();
  await captures.insertCaptured([capturedMistake(project)]);
  expect(await list(project)).toMatchObject([{ quarantine: null }]);
});

it("reads an exchange that is an object, and knows its recurrence", async () => {
  const { captures, objects, list } = scene(() => NONE);
  const project = newProjectId();
  await objects.put("large.json", JSON.stringify(variantOf(0, 0)), "application/json");
  const large = { ...capturedMistake(project), exchange: { objectKey: "large.json" } };
  await captures.insertCaptured([large]);
  await captures.insertCaptured([capturedMistake(project, {}, variantOf(0, 0))]);
  expect(await list(project)).toHaveLength(1);
});

it("stores one whose object is gone unmarked, and fails while objects can't be read", async () => {
  const { captures, objects, mistakes, logger } = scene(() => NONE);
  const project = newProjectId();
  const gone = { ...capturedMistake(project), exchange: { objectKey: "gone.json" } };
  await captures.insertCaptured([gone]);
  expect(logger.of("mistake_unmarked")).toHaveLength(1);
  expect(await mistakes.firstCapturedAt(project)).toBe(gone.mistake.createdAt);
  objects.getText = async () => await Promise.reject(new Error("the object store is down"));
  await expect(
    captures.insertCaptured([{ ...gone, ...capturedMistake(project), exchange: gone.exchange }]),
  ).rejects.toThrow("down");
});
