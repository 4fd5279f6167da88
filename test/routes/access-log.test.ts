// GET /v1/access-log: every reading of stored texts, by whom and of what, and no text.
import { expect, it, vi } from "vitest";
import { z } from "zod";
import { accessEntryWireSchema } from "../../src/wire/subject.ts";
import { capturesInto } from "../fakes/poisoning.ts";
import { variantOf } from "../fixtures/near-duplicates.ts";
import { capturedMistake } from "../fixtures/records.ts";
import { newCaller, walk } from "./fixtures.ts";

const listSchema = z.looseObject({ data: z.array(accessEntryWireSchema) });

function idsOf(body: unknown): readonly string[] {
  const { data } = z.looseObject({ data: z.array(z.looseObject({ id: z.string() })) }).parse(body);
  return data.map(({ id }) => id);
}

it("says who read which mistakes, attacks, verdicts and files of releases", async () => {
  const caller = await newCaller();
  const id = await caller.makeMistake("Can I return my walrus?");
  await caller.json(`/v1/mistakes/${id}/reviews`, { body: { decision: "confirm" } });
  const release = z.looseObject({ id: z.string() }).parse((await caller.json("/v1/releases", { body: {} })).body);
  await caller.json("/v1/mistakes");
  await caller.json(`/v1/mistakes/${id}`);
  await caller.json("/v1/mistakes/mis_nothing");
  await caller.json("/v1/attacks");
  await caller.json(`/v1/verdicts/${id}`);
  await (await caller.ask(`/v1/releases/${release.id}/files/train.jsonl`)).text();
  await (await caller.ask(`/v1/releases/${release.id}/files/manifest.json`, { method: "HEAD" })).text();
  const { status, body } = await vi.waitFor(async () => {
    const listed = await caller.json("/v1/access-log");
    expect(listSchema.parse(listed.body).data).toHaveLength(4);
    return listed;
  });
  expect(status).toBe(200);
  expect(JSON.stringify(body)).not.toContain("walrus");
  const read = listSchema.parse(body).data.map(({ thing, subjects }) => [thing, ...subjects]);
  expect(read).toEqual([
    ["release_file", release.id, "train.jsonl"],
    ["verdicts", id],
    ["mistakes", id],
    ["mistakes", id],
  ]);
  expect(await walk(caller, "/v1/access-log", 3)).toHaveLength(4);
  const [reviewer, stranger] = [await newCaller({}, ["review"]), await newCaller()];
  expect((await reviewer.ask("/v1/access-log")).status).toBe(403);
  expect((await stranger.json("/v1/access-log")).body).toMatchObject({ data: [] });
});

it("says who read which feedback, examples and clusters, and what was claimed for review", async () => {
  const caller = await newCaller();
  const id = await caller.makeMistake();
  const claimedSchema = z.looseObject({ data: z.array(z.looseObject({ mistake_id: z.string() })) });
  const claimed = await caller.json("/v1/reviews/claim", { body: {} });
  expect(claimedSchema.parse(claimed.body).data.map((each) => each.mistake_id)).toEqual([id]);
  const said = await caller.json("/v1/feedback", { body: { mistake_id: id, label: "good", comment: "Right so." } });
  const feedback = z.looseObject({ id: z.string() }).parse(said.body).id;
  await caller.json("/v1/feedback");
  await caller.json(`/v1/mistakes/${id}/reviews`, { body: { decision: "dismiss" } });
  await (await caller.ask("/v1/examples?label=good")).text();
  const topics = Array.from({ length: 2 }, (_, variant) =>
    capturedMistake(caller.projectId, {}, variantOf(1, variant)),
  );
  await capturesInto(caller.gateway.services).insertCaptured(topics);
  const cluster = idsOf((await caller.json("/v1/clusters")).body);
  // Nothing to be read: nothing is written down.
  await caller.json("/v1/feedback?label=mistake");
  await vi.waitFor(async () => {
    const { data } = listSchema.parse((await caller.json("/v1/access-log")).body);
    expect(data.map(({ thing, subjects }) => [thing, ...subjects])).toEqual([
      ["clusters", ...cluster],
      ["examples", id],
      ["feedback", feedback],
      ["review_queue", id],
    ]);
  });
  expect(cluster).toHaveLength(1);
});

it("says who read which reviews and overrules", async () => {
  const caller = await newCaller();
  const id = await caller.makeMistake();
  const idSchema = z.looseObject({ id: z.string() });
  await caller.json(`/v1/mistakes/${id}/reviews`, { body: { decision: "dismiss", comment: "Right so." } });
  const reviews = idsOf((await caller.json(`/v1/mistakes/${id}/reviews`)).body);
  const other = await caller.makeMistake();
  const made = await caller.json(`/v1/mistakes/${other}/overrule`, { body: { scope: "exchange", comment: "Fine." } });
  const overrule = idSchema.parse(made.body).id;
  await caller.json("/v1/overrules");
  await vi.waitFor(async () => {
    const { data } = listSchema.parse((await caller.json("/v1/access-log")).body);
    expect(data.map(({ thing, subjects }) => [thing, ...subjects])).toEqual([
      ["overrules", overrule],
      ["reviews", ...reviews],
    ]);
  });
  expect(reviews).toHaveLength(1);
});

it("answers whether or not the reading can be written down", async () => {
  const caller = await newCaller();
  const { accessLog } = caller.gateway.services;
  const addEntry = async (): Promise<never> => await Promise.reject(new Error("the database is down"));
  Object.assign(caller.gateway.services, { accessLog: { ...accessLog, addEntry } });
  const id = await caller.makeMistake();
  expect((await caller.json(`/v1/mistakes/${id}`)).status).toBe(200);
});
