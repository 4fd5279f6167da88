// Making a release on real D1 and R2: every confirmed mistake once, whatever breaks in between.
import { env } from "cloudflare:workers";
import { beforeEach, describe, expect, it } from "vitest";
import { z } from "zod";
import { D1MistakeStore } from "../../src/adapters/d1/d1-mistake-store.ts";
import { D1ReleaseStore } from "../../src/adapters/d1/d1-release-store.ts";
import { openDatabase } from "../../src/adapters/d1/database.ts";
import { R2ObjectStore } from "../../src/adapters/r2/r2-object-store.ts";
import { makeRelease, type MakeReleaseDependencies } from "../../src/finetuning/make-release.ts";
import { releaseObjectKey } from "../../src/finetuning/release-objects.ts";
import { sha256 } from "../../src/lib/hash.ts";
import type { ObjectStore } from "../../src/lib/object-store.ts";
import type { Release } from "../../src/release/release.ts";
import { contentText } from "../../src/wire/content-text.ts";
import { phraseGuardrail } from "../fakes/phrase-guardrail.ts";
import { KeptLogger } from "../fakes/kept-logger.ts";
import {
  analysisOf,
  capturedMistake,
  exchangeOf,
  newProjectId,
  releaseOf,
  reviewOf,
  ticking,
} from "../fixtures/records.ts";

const database = openDatabase(env.DB);
const objects = new R2ObjectStore(env.OBJECTS);
const mistakes = new D1MistakeStore(database, objects);
const releases = new D1ReleaseStore(database);

const dependencies: MakeReleaseDependencies = {
  mistakes,
  releases,
  objects,
  guardrails: [],
  normalPairsKey: null,
  clock: ticking,
  logger: new KeptLogger(),
};

const manifestSchema = z.looseObject({
  normal_pairs: z.string(),
  analyses_share: z.number(),
  files: z.array(z.looseObject({ name: z.string(), sha256: z.string() })),
  lineage: z.array(
    z.looseObject({
      split: z.enum(["train", "validation"]),
      row: z.int(),
      type: z.enum(["analysis", "normal"]),
      mistake_id: z.string().optional(),
      analysis_id: z.string().optional(),
    }),
  ),
  withheld: z.array(z.object({ mistake_id: z.string().nullable(), reason: z.string() })),
});

let project: string;
beforeEach(() => {
  project = newProjectId();
});

async function confirm(count: number, analysis = "It promises too much."): Promise<readonly string[]> {
  const captured = Array.from({ length: count }, (_, index) =>
    capturedMistake(project, {}, exchangeOf(`Question ${index} of ${project}?`, "You get a full refund.")),
  );
  await mistakes.insertCaptured(captured);
  for (const { mistake } of captured) {
    await mistakes.addAnalysis(analysisOf(project, mistake.id, { text: analysis }));
    await mistakes.review(reviewOf(project, mistake.id));
  }
  return captured.map(({ mistake }) => mistake.id);
}

async function request(changes: Partial<Release> = {}): Promise<Release> {
  const release = releaseOf(project, changes);
  await releases.insert(release);
  return release;
}

async function make(changes: Partial<MakeReleaseDependencies> = {}, release?: Release): Promise<Release> {
  const requested = release ?? (await request());
  await makeRelease({ ...dependencies, ...changes }, project, requested.id);
  const made = await releases.get(project, requested.id);
  if (made === null) throw new Error("the release is gone");
  return made;
}

async function textOf({ id }: Release, name: string): Promise<string> {
  const text = await objects.getText(releaseObjectKey({ projectId: project, id, revision: null }, name));
  if (text === null) throw new Error(`${name} is not there`);
  return text;
}

async function manifestOf(release: Release): Promise<z.infer<typeof manifestSchema>> {
  return manifestSchema.parse(JSON.parse(await textOf(release, "manifest.json")));
}

async function releasedIds(release: Release): Promise<readonly string[]> {
  const { lineage } = await manifestOf(release);
  return lineage.flatMap(({ mistake_id: id }) => (id === undefined ? [] : [id]));
}

describe("makeRelease", () => {
  it("writes its files, whose sizes, sums and rows are true, and a lineage for every row", async () => {
    const ids = await confirm(12);
    const release = await make();
    expect(release).toMatchObject({ status: "ready", counts: { analysis: 12, normal: 28 }, failure: null });
    const names = ["train.jsonl", "validation.jsonl", "manifest.json", "README.md"];
    expect(release.files.map(({ name }) => name)).toEqual(names);
    for (const file of release.files) {
      const text = await textOf(release, file.name);
      expect(file.sha256).toBe(await sha256(text));
      expect(file.bytes).toBe(new TextEncoder().encode(text).byteLength);
      if (file.name.endsWith(".jsonl")) expect(file.rows).toBe(text.split("\n").length - 1);
    }
    const manifest = await manifestOf(release);
    expect(manifest.files).toMatchObject(release.files.slice(0, 2));
    expect(manifest).toMatchObject({ release_id: release.id, project_id: project, normal_pairs: "synthetic default" });
    expect(manifest.analyses_share).toBeCloseTo(0.3);
    expect((await releasedIds(release)).toSorted()).toEqual(ids.toSorted());
    for (const { split, row, type, mistake_id: id } of manifest.lineage) {
      const line = (await textOf(release, `${split}.jsonl`)).split("\n")[row] ?? "";
      expect(line.includes(`of ${project}?`)).toBe(type === "analysis");
      if (type === "normal") continue;
      const [user] = (await mistakes.get(project, id ?? ""))?.mistake.exchange.messages ?? [];
      expect(line).toContain(contentText(user?.content));
    }
  });

  it("releases each mistake once, and all of them again when asked", async () => {
    const first = await confirm(2);
    await make();
    const second = await make();
    expect(second).toMatchObject({ status: "ready", counts: { analysis: 0, normal: 0 } });
    const later = await confirm(1);
    const full = await make({}, await request({ includeReleased: true }));
    expect((await releasedIds(full)).toSorted()).toEqual([...first, ...later].toSorted());
    expect((await make()).counts.analysis).toBe(0);
  });

  it("is ready with no rows at all when there is nothing new", async () => {
    const release = await make();
    expect(release).toMatchObject({ status: "ready", counts: { analysis: 0, normal: 0 } });
    expect(await textOf(release, "train.jsonl")).toBe("");
    expect(await textOf(release, "validation.jsonl")).toBe("");
    expect((await manifestOf(release)).lineage).toEqual([]);
  });

  it("mixes in the operator's own normal pairs, under their name", async () => {
    const key = `pairs/${project}.jsonl`;
    const pairs = Array.from({ length: 20 }, (_, index) => JSON.stringify({ prompt: `Own ${index}?`, answer: "Own." }));
    await objects.put(key, pairs.join("\n"), "application/jsonl");
    await confirm(3);
    const release = await make({ normalPairsKey: key });
    expect((await manifestOf(release)).normal_pairs).toBe(key);
    expect((await textOf(release, "train.jsonl")).match(/Own \d+\?/g)).toHaveLength(release.counts.normal);
  });

  it.each([
    ["are missing", null, "isn't there"],
    ["are broken", `{"prompt":"x","answer":"y"}\n{"prompt":"x"}`, "line 2"],
  ])("fails clearly when the operator's normal pairs %s, and frees the mistakes", async (_, jsonl, failure) => {
    const key = `pairs/${project}.jsonl`;
    if (jsonl !== null) await objects.put(key, jsonl, "application/jsonl");
    const ids = await confirm(2);
    const failed = await make({ normalPairsKey: key });
    expect(failed.status).toBe("failed");
    expect(failed.failure).toContain(failure);
    expect((await releasedIds(await make())).toSorted()).toEqual(ids.toSorted());
  });

  it("never shows refused what a mistake of any part, or of an earlier release, was confirmed to be refused in error", async () => {
    const key = `pairs/${project}.jsonl`;
    const refusal = "I'm sorry, but I can't assist with that.";
    const pairs = [0, 1, 2, 3, 4, 5].map((place) => ({ prompt: `May I bake bread ${place}?`, answer: refusal }));
    await objects.put(key, pairs.map((pair) => JSON.stringify(pair)).join("\n"), "application/jsonl");
    const captured = [0, 1, 2, 3].map((place) =>
      capturedMistake(project, { kind: "over_refusal" }, exchangeOf(`may I bake  bread ${place}?`, refusal)),
    );
    await mistakes.insertCaptured(captured);
    for (const { mistake } of captured) {
      await mistakes.addAnalysis(analysisOf(project, mistake.id, { text: "The bread was harmless to bake." }));
      await mistakes.review(reviewOf(project, mistake.id));
    }
    const release = await make({ normalPairsKey: key, partMistakes: 1 });
    await confirm(2);
    const later = await make({ normalPairsKey: key, partMistakes: 1 });
    for (const each of [release, later]) {
      expect(each.counts.normal).toBeGreaterThan(0);
      const names = each.files.filter(({ name }) => name.endsWith(".jsonl")).map(({ name }) => name);
      const texts = (await Promise.all(names.map(async (name) => await textOf(each, name)))).join("");
      for (const place of [0, 1, 2, 3]) expect(texts).not.toContain(`"May I bake bread ${place}?"`);
    }
  });

  it("names what it withheld, which waits for a later release", async () => {
    const [id] = await confirm(1, "It says badword.");
    const release = await make({ guardrails: [phraseGuardrail("badword", "custom:test", { spans: false })] });
    expect(release).toMatchObject({ status: "ready", counts: { analysis: 0, normal: 0 } });
    expect((await manifestOf(release)).withheld).toEqual([{ mistake_id: id, reason: "target_flagged" }]);
    expect(await mistakes.get(project, id ?? "")).toMatchObject({ mistake: { state: "confirmed" } });
    expect((await make()).counts.analysis).toBe(1);
  });

  it("goes through all pages of many mistakes", async () => {
    const ids = await confirm(205);
    const release = await make();
    expect(release.counts.analysis).toBe(205);
    expect((await releasedIds(release)).toSorted()).toEqual(ids.toSorted());
  }, 30_000);

  const breaks =
    (error = new Error("the machine is gone")): (() => Promise<never>) =>
    async () =>
      await Promise.reject(error);
  const failingObjects = (name: string): ObjectStore => ({
    get: objects.get.bind(objects),
    getText: objects.getText.bind(objects),
    getRange: objects.getRange.bind(objects),
    replace: objects.replace.bind(objects),
    list: objects.list.bind(objects),
    delete: objects.delete.bind(objects),
    put: async (key, body, type) => {
      if (key.endsWith(name)) throw new Error("the machine is gone");
      await objects.put(key, body, type);
    },
  });
  const bound = {
    claimForRelease: mistakes.claimForRelease.bind(mistakes),
    listClaimed: mistakes.listClaimed.bind(mistakes),
    list: mistakes.list.bind(mistakes),
  };
  const failingReleases = (): D1ReleaseStore => {
    const failing = new D1ReleaseStore(database);
    failing.publish = breaks();
    return failing;
  };

  it.each<[string, () => Partial<MakeReleaseDependencies>]>([
    ["claiming", () => ({ mistakes: { ...bound, claimForRelease: breaks() } })],
    ["reading", () => ({ mistakes: { ...bound, listClaimed: breaks() } })],
    ["writing the first file", () => ({ objects: failingObjects("train.jsonl") })],
    ["writing the last file", () => ({ objects: failingObjects("manifest.json") })],
    ["publishing", () => ({ releases: failingReleases() })],
  ])("loses and doubles nothing when it breaks while %s and is repeated", async (_, broken) => {
    const ids = await confirm(4);
    const release = await request();
    await expect(make(broken(), release)).rejects.toThrow("the machine is gone");
    expect(await releases.get(project, release.id)).toMatchObject({ status: "building" });
    const other = await make();
    const made = await make({}, release);
    const again = await make({}, release);
    expect(again).toEqual(made);
    const released = [...(await releasedIds(other)), ...(await releasedIds(made))];
    expect(released.toSorted()).toEqual(ids.toSorted());
    for (const file of made.files) expect(await sha256(await textOf(made, file.name))).toBe(file.sha256);
  });

  it("makes disjoint releases when two are made at once", async () => {
    const ids = await confirm(6);
    const made = await Promise.all([make(), make(), make()]);
    const released = (await Promise.all(made.map(async (release) => await releasedIds(release)))).flat();
    expect(released.toSorted()).toEqual(ids.toSorted());
  });

  it("does nothing for a release that isn't there, or is another project's", async () => {
    const release = await request();
    await makeRelease(dependencies, newProjectId(), release.id);
    await makeRelease(dependencies, project, "rel_nothing");
    expect(await releases.get(project, release.id)).toEqual(release);
  });
});
