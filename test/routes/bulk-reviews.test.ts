// POST /v1/reviews/bulk: dry first, then exactly what was seen, batch by batch; never what is held, released or in quarantine.
import { expect, it } from "vitest";
import { z } from "zod";
import { BATCH } from "../../src/induction/review/bulk-review.ts";
import { analysisOf, capturedMistake } from "../fixtures/records.ts";
import { errorSchema, idOf, listSchema, newCaller, type Caller } from "./fixtures.ts";

const bulkSchema = z.looseObject({
  selected: z.number(),
  decided: z.number(),
  remaining: z.number(),
  until: z.string(),
});

async function store(caller: Caller, size: number, changes: Parameters<typeof capturedMistake>[1] = {}) {
  const captured = Array.from({ length: size }, () =>
    capturedMistake(caller.projectId, { state: "analysed", ...changes }),
  );
  await caller.gateway.services.mistakes.insertCaptured(captured);
  return captured.map(({ mistake }) => mistake.id);
}

async function bulk(caller: Caller, body: object) {
  const reply = await caller.json("/v1/reviews/bulk", { body: { filter: {}, decision: "dismiss", ...body } });
  expect(reply.status, JSON.stringify(reply.body)).toBe(200);
  return bulkSchema.parse(reply.body);
}

async function inState(caller: Caller, state: string): Promise<readonly string[]> {
  const { body } = await caller.json(`/v1/mistakes?limit=100&state=${state}`);
  return listSchema.parse(body).data.map(({ id }) => id);
}

it("counts and changes nothing, unless it is told to", async () => {
  const caller = await newCaller();
  await store(caller, 3, { kind: "harmful" });
  await store(caller, 2, { kind: "leaked" });
  const dry = await bulk(caller, { filter: { kind: "harmful" } });
  expect(dry).toEqual({
    ...{ id: null, object: "bulk_review", dry_run: true, selected: 3, decided: 0, remaining: 3, until: idOf("mis") },
  });
  expect(await inState(caller, "analysed")).toHaveLength(5);
});

it("decides on what was seen, with a review each and one entry in the audit", async () => {
  const caller = await newCaller();
  const ids = await store(caller, 3, { kind: "harmful" });
  await store(caller, 1);
  const { selected, until } = await bulk(caller, { filter: { kind: "harmful" } });
  const asked = { filter: { kind: "harmful" }, dry_run: false, expected_count: selected, until };
  const done = await bulk(caller, { ...asked, comment: "Ask ann@example.org.", reviewer: "ann" });
  expect(done).toMatchObject({ id: idOf("blk"), dry_run: false, selected: 3, decided: 3, remaining: 0 });
  expect((await inState(caller, "dismissed")).toSorted()).toEqual(ids);
  expect((await caller.json(`/v1/mistakes/${ids[0]}/reviews`)).body).toMatchObject({
    data: [{ decision: "dismiss", comment: "Ask [email].", reviewer: "ann", bulk_id: done["id"] }],
  });
  const { body } = await caller.json("/v1/audit");
  expect(body).toMatchObject({
    data: [
      {
        ...{ event: "mistakes_reviewed_in_bulk", subject: done["id"] },
        details: { decision: "dismiss", kind: "harmful", source: null, expected_count: "3", until },
      },
    ],
  });
});

it("refuses another count than it finds, and leaves out what came after it", async () => {
  const caller = await newCaller();
  await store(caller, 2);
  const { until } = await bulk(caller, {});
  const newer = await store(caller, 1, { id: caller.gateway.services.makeId("mis") });
  const refused = await caller.json("/v1/reviews/bulk", {
    body: { filter: {}, decision: "dismiss", dry_run: false, expected_count: 3, until },
  });
  expect(refused.status).toBe(409);
  expect(errorSchema.parse(refused.body).error.code).toBe("count_changed");
  expect(await inState(caller, "dismissed")).toEqual([]);
  await bulk(caller, { dry_run: false, expected_count: 2, until });
  expect(await inState(caller, "analysed")).toEqual(newer);
});

it("goes on where it left off, call by call", async () => {
  const caller = await newCaller();
  await store(caller, BATCH + 3);
  const { selected, until } = await bulk(caller, {});
  expect(selected).toBe(BATCH + 3);
  const first = await bulk(caller, { dry_run: false, expected_count: selected, until });
  expect(first).toMatchObject({ decided: BATCH, remaining: 3 });
  const second = await bulk(caller, { dry_run: false, expected_count: first.remaining, until });
  expect(second).toMatchObject({ selected: 3, decided: 3, remaining: 0 });
  expect(await inState(caller, "analysed")).toEqual([]);
});

it("never touches what is held, in quarantine, released, or decided on", async () => {
  const caller = await newCaller();
  const [held] = await store(caller, 1);
  const [quarantined] = await store(caller, 1, { quarantine: "burst" });
  const [released] = await store(caller, 1, { state: "confirmed" });
  await caller.gateway.services.mistakes.addAnalysis(analysisOf(caller.projectId, released ?? ""));
  await caller.json("/v1/releases", { body: {} });
  const [confirmed] = await store(caller, 1, { state: "confirmed" });
  const entry = { projectId: caller.projectId, priority: 5, reason: "flagged", enqueuedAt: 1, quarantines: null };
  const entries = [{ ...entry, mistakeId: held ?? "", clusterSizeFrom: 0 }];
  await caller.gateway.services.mistakes.insertCaptured([], entries);
  await caller.json("/v1/reviews/claim", { body: {} });
  const [free] = await store(caller, 1);
  const { selected, until } = await bulk(caller, {});
  expect(selected).toBe(1);
  await bulk(caller, { dry_run: false, expected_count: 1, until });
  expect(await inState(caller, "dismissed")).toEqual([free]);
  expect(await inState(caller, "analysed")).toEqual([quarantined, held]);
  expect([await inState(caller, "released"), await inState(caller, "confirmed")]).toEqual([[released], [confirmed]]);
});

it("dismisses a flood that the filter names, by its key, and confirms none of it", async () => {
  const caller = await newCaller();
  const { provenance } = capturedMistake(caller.projectId).mistake;
  const flood = await store(caller, 3, { quarantine: "burst" });
  const [other] = await store(caller, 1, { quarantine: "burst", provenance: { ...provenance, keyId: "key_2" } });
  const [capped] = await store(caller, 1, { quarantine: "cap" });
  const [free] = await store(caller, 1);
  const filter = { quarantine: "burst", key_id: provenance.keyId };
  const refused = await caller.json("/v1/reviews/bulk", { body: { filter, decision: "confirm" } });
  expect(refused.status).toBe(400);
  expect(errorSchema.parse(refused.body).error.message).toContain("one by one");
  const { selected, until } = await bulk(caller, { filter });
  expect(selected).toBe(3);
  await bulk(caller, { filter, dry_run: false, expected_count: 3, until });
  expect((await inState(caller, "dismissed")).toSorted()).toEqual(flood.toSorted());
  expect((await inState(caller, "analysed")).toSorted()).toEqual([other, capped, free].toSorted());
});

it("is one voice where two are needed", async () => {
  const caller = await newCaller();
  const second = { categories: [], sources: ["import"], voices: "keys" };
  const review = { enqueue: [], second, waive: [] };
  await caller.json("/v1/policies", { body: { name: "own", activate: true, review } });
  const [id] = await store(caller, 1, { source: "import" });
  const { until } = await bulk(caller, { decision: "confirm" });
  await bulk(caller, { decision: "confirm", dry_run: false, expected_count: 1, until });
  expect(await inState(caller, "analysed")).toEqual([id]);
  expect(await bulk(caller, { decision: "confirm" })).toMatchObject({ selected: 0 });
});
