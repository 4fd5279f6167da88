// A release of many parts, killed at random: nothing lost, nothing twice, and the same bytes as if nobody had disturbed it.
import { env } from "cloudflare:workers";
import { expect, it } from "vitest";
import { D1ErasedExamples } from "../../src/adapters/d1/d1-erased-examples.ts";
import { D1MistakeStore } from "../../src/adapters/d1/d1-mistake-store.ts";
import { D1ReleaseStore } from "../../src/adapters/d1/d1-release-store.ts";
import { openDatabase } from "../../src/adapters/d1/database.ts";
import { R2ObjectStore } from "../../src/adapters/r2/r2-object-store.ts";
import { rewriteRelease } from "../../src/finetuning/erasure/rewrite-release.ts";
import { makeRelease, type MakeReleaseDependencies, type RunStep } from "../../src/finetuning/make-release.ts";
import { lineagePartSchema } from "../../src/finetuning/release-lineage.ts";
import { releaseFileKey } from "../../src/finetuning/release-objects.ts";
import { sha256 } from "../../src/lib/hash.ts";
import type { ObjectStore } from "../../src/lib/object-store.ts";
import { DEFAULT_RELEASE_OPTIONS, RELEASE_FORMATS, type Release } from "../../src/release/release.ts";
import { KeptLogger } from "../fakes/kept-logger.ts";
import {
  analysisOf,
  capturedMistake,
  exchangeOf,
  makeTestId,
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
  ...{ mistakes, releases, objects, guardrails: [], normalPairsKey: null, clock: ticking, logger: new KeptLogger() },
  partMistakes: 4,
};

const KILLED = new Error("the machine is gone");
const COUNT = 30;

async function confirmedMistakes(project: string): Promise<readonly string[]> {
  const captured = Array.from({ length: COUNT }, (_, place) => {
    // Every third one is a near duplicate of the one before it.
    const clusterId = `clu_${project}_${place % 3 === 2 ? place - 1 : place}`;
    const correction = place % 2 === 0 ? `Answer ${place} is within thirty days.` : null;
    return capturedMistake(
      project,
      { clusterId, correction },
      exchangeOf(`Question ${place}?`, `Bad answer ${place}.`),
    );
  });
  await mistakes.insertCaptured(captured);
  for (const { mistake } of captured) {
    await mistakes.addAnalysis(analysisOf(project, mistake.id, { text: `It promises too much in ${mistake.id}.` }));
    await mistakes.review(reviewOf(project, mistake.id));
  }
  return captured.map(({ mistake }) => mistake.id);
}

/** As a Workflow keeps results; every now and then the machine goes before or behind a step. */
function perilous(chance: number): RunStep {
  const kept = new Map<string, string>();
  return async (name, run) => {
    const known = kept.get(name);
    if (known !== undefined) return known;
    if (Math.random() < chance) throw KILLED;
    const result = await run();
    if (Math.random() < chance) throw KILLED;
    kept.set(name, result);
    return result;
  };
}

/** And in the middle of one. */
function perilousObjects(chance: number): ObjectStore {
  return {
    get: objects.get.bind(objects),
    getText: objects.getText.bind(objects),
    getRange: objects.getRange.bind(objects),
    replace: objects.replace.bind(objects),
    list: objects.list.bind(objects),
    delete: objects.delete.bind(objects),
    put: async (...asked) => {
      if (Math.random() < chance) throw KILLED;
      await objects.put(...asked);
    },
  };
}

async function made(project: string, id: string): Promise<Release> {
  const release = await releases.get(project, id);
  if (release?.status !== "ready") throw new Error(`the release is ${release?.status ?? "gone"}`);
  return release;
}

async function textsOf(release: Release): Promise<ReadonlyMap<string, string>> {
  const texts = new Map<string, string>();
  for (const file of release.files) {
    const text = (await objects.getText(releaseFileKey(release, file))) ?? "";
    expect([file.name, await sha256(text)]).toEqual([file.name, file.sha256]);
    texts.set(file.name, text);
  }
  return texts;
}

function heldIn(texts: ReadonlyMap<string, string>): { rows: string[]; members: string[] } {
  const parts = [...texts].filter(([name]) => name.startsWith("lineage-"));
  const read = parts.map(([, text]) => lineagePartSchema.parse(JSON.parse(text)));
  return {
    rows: read.flatMap(({ lineage }) =>
      lineage.flatMap((each) => (each.mistake_id === undefined ? [] : [`${each.mistake_id} ${each.type}`])),
    ),
    members: read.flatMap(({ members }) => members.map((each) => each.mistake_id)),
  };
}

it("comes out whole, once and the same, however often it is killed", { timeout: 60_000 }, async () => {
  const project = newProjectId();
  const ids = await confirmedMistakes(project);
  const options = { ...DEFAULT_RELEASE_OPTIONS, formats: RELEASE_FORMATS };
  const release = releaseOf(project, { options });
  await releases.insert(release);
  const runStep = perilous(0.15);
  let kills = 0;
  for (let isDone = false; !isDone;) {
    try {
      await makeRelease({ ...dependencies, objects: perilousObjects(0.03) }, project, release.id, runStep);
      isDone = true;
    } catch (caught) {
      expect(caught).toBe(KILLED);
      kills += 1;
      expect(kills).toBeLessThan(500);
    }
  }
  const disturbed = await textsOf(await made(project, release.id));
  const { rows, members } = heldIn(disturbed);
  expect(new Set(rows).size).toBe(rows.length);
  const held = [...new Set(rows.map((row) => row.split(" ")[0] ?? "")), ...members];
  expect(held.toSorted()).toEqual(ids.toSorted());
  expect(members).toHaveLength(COUNT / 3);
  for (const id of ids) expect((await mistakes.get(project, id))?.mistake.state).toBe("released");

  // The same mistakes once more, undisturbed.
  const again = releaseOf(project, { options, includeReleased: true });
  await releases.insert(again);
  await makeRelease(dependencies, project, again.id);
  const undisturbed = await textsOf(await made(project, again.id));
  const data = (texts: ReadonlyMap<string, string>): unknown => [...texts].filter(([name]) => name.endsWith(".jsonl"));
  expect(data(undisturbed)).toEqual(data(disturbed));
});

it("is rewritten in those parts alone that hold somebody who is forgotten", { timeout: 60_000 }, async () => {
  const project = newProjectId();
  const ids = await confirmedMistakes(project);
  const release = releaseOf(project, {
    options: { ...DEFAULT_RELEASE_OPTIONS, formats: RELEASE_FORMATS, clusters: "all" },
  });
  await releases.insert(release);
  await makeRelease(dependencies, project, release.id);
  const before = await made(project, release.id);
  const textsBefore = await textsOf(before);
  const gone = ids.slice(4, 6);
  const examples = new D1ErasedExamples(database);
  examples.erasedIn = async () => await Promise.resolve(gone);
  const erased = await rewriteRelease({ releases, examples, objects, makeId: makeTestId }, project, release.id);
  expect(erased).toBeGreaterThanOrEqual(2);
  const after = await made(project, release.id);
  const texts = await textsOf(after);
  expect([...texts.keys()]).toEqual([...textsBefore.keys()]);
  for (const [name, text] of texts) {
    for (const id of gone) expect([name, text.includes(id)]).toEqual([name, false]);
    const left = (textsBefore.get(name) ?? "").split("\n").filter((line) => !/Question [45]\?/.test(line));
    if (name.endsWith(".jsonl")) expect(text).toBe(left.join("\n"));
  }
  const rewritten = after.files.filter(({ name, revision }) => revision === after.revision && name.endsWith(".jsonl"));
  expect(rewritten.length).toBeGreaterThan(0);
  expect(rewritten.every(({ name }) => name.includes("-00002"))).toBe(true);
  expect(texts.get("README.md")).toContain(`Rows taken out for people who asked to be forgotten: ${erased}.`);
});
