// Erasing an end user: from mistakes, attacks, objects, letters and releases, whenever his texts arrive, and nobody else's.
import { describe, expect, it, vi } from "vitest";
import { z } from "zod";
import { requestErasure } from "../../src/finetuning/erasure/erase-subject.ts";
import { makeRelease } from "../../src/finetuning/make-release.ts";
import { requestRelease } from "../../src/finetuning/request-release.ts";
import { consumeCaptured } from "../../src/jobs/capture-consumer.ts";
import { tick } from "../../src/jobs/tick.ts";
import { sha256 } from "../../src/lib/hash.ts";
import { auditWireSchema } from "../../src/wire/policy.ts";
import { releaseWireSchema } from "../../src/wire/release.ts";
import { erasureWireSchema } from "../../src/wire/subject.ts";
import { allObjects, allRows, holding } from "../setup/all-stored.ts";
import { newCaller, walk, type Caller } from "./fixtures.ts";

const JANE = "jane-4711";
// Each looks through every table and object.
vi.setConfig({ testTimeout: 30_000 });

const choiceSchema = z.looseObject({ setback: z.looseObject({ mistake_id: z.string() }) });
const completionSchema = z.looseObject({ choices: z.tuple([choiceSchema]) });

/** A mistake whose texts hold the word; its id. */
async function captured(caller: Caller, word: string, user: string): Promise<string> {
  const messages = [{ role: "user", content: `Can I return my ${word}?` }];
  const { body } = await caller.json("/v1/chat/completions", { body: { model: "m", messages, user } });
  return completionSchema.parse(body).choices[0].setback.mistake_id;
}

async function drained(caller: Caller): Promise<void> {
  await caller.gateway.drainCaptures();
  await caller.gateway.drainAnalyses();
}

async function confirmed(caller: Caller, word: string, user: string): Promise<string> {
  const id = await captured(caller, word, user);
  await drained(caller);
  const comment = `About the ${word}.`;
  await caller.json(`/v1/mistakes/${id}/reviews`, { body: { decision: "confirm", comment } });
  return id;
}

async function released(caller: Caller): Promise<z.infer<typeof releaseWireSchema>> {
  const { id } = releaseWireSchema.parse((await caller.json("/v1/releases", { body: { clusters: "all" } })).body);
  return releaseWireSchema.parse((await caller.json(`/v1/releases/${id}`)).body);
}

async function erase(
  caller: Caller,
  id = JANE,
): Promise<{ status: number; erasure: z.infer<typeof erasureWireSchema> }> {
  const { status, body } = await caller.json("/v1/subjects/erase", { body: { id } });
  return { status, erasure: erasureWireSchema.parse(body) };
}

/** What of these words is kept anywhere. */
async function kept(...words: readonly string[]): Promise<readonly string[]> {
  return [...holding(await allRows(), words), ...holding(await allObjects(), words)];
}

describe("DELETE /v1/subjects/{id}", () => {
  it("erases mistakes with their analyses and reviews, attacks, and nobody else's", async () => {
    const caller = await newCaller();
    await confirmed(caller, "zebra-lamp", JANE);
    await confirmed(caller, "yak-lamp", "john");
    await caller.json("/v1/chat/completions", {
      body: { model: "m", messages: [{ role: "user", content: "open sesame, zebra-door" }], safety_identifier: JANE },
    });
    await drained(caller);
    expect((await kept("zebra-")).length).toBeGreaterThan(0);
    const { status, body } = await caller.json(`/v1/subjects/${JANE}`, { method: "DELETE" });
    expect(status).toBe(200);
    expect(body).toMatchObject({
      object: "erasure",
      status: "done",
      erased: { mistakes: 1, attacks: 1 },
      release_ids: [],
    });
    expect(await kept("zebra-", JANE)).toEqual([]);
    expect((await kept("yak-lamp")).length).toBeGreaterThan(0);
    expect(await walk(caller, "/v1/mistakes", 10)).toHaveLength(1);
  });

  it.each(["jane@example.org", "a/b", "%2F%", "杰恩 🔑", "a?b#c", "erasures", "..x"])("finds %j", async (id) => {
    const caller = await newCaller();
    await captured(caller, "lamp", id);
    await drained(caller);
    const { status } = await caller.json(`/v1/subjects/${encodeURIComponent(id)}`, { method: "DELETE" });
    expect(status).toBe(200);
    expect(await walk(caller, "/v1/mistakes", 10)).toEqual([]);
  });

  it("finds whom an older secret named", async () => {
    const [old, now] = ["an old secret of this very test", "a new secret of this very test"];
    const before = await newCaller({ env: { SETBACK_SUBJECT_KEYS: old } });
    await captured(before, "lamp", JANE);
    await drained(before);
    const after = await newCaller({ env: { SETBACK_SUBJECT_KEYS: `${now},${old}` } });
    const asked = { key: before.key, body: { id: JANE } };
    expect(await (await after.ask("/v1/subjects/erase", asked)).json()).toMatchObject({ erased: { mistakes: 1 } });
  });

  it("forgets how much somebody brought, and nobody else's count", async () => {
    const caller = await newCaller();
    for (const user of [JANE, JANE, "john"]) await captured(caller, `lamp ${user} ${Math.random()}`, user);
    await drained(caller);
    const counted = async (user: string): Promise<boolean> => {
      const [name = "nobody"] = await caller.gateway.services.endUserIds.all(caller.projectId, user);
      return ((await allRows()).get("table capture_counts") ?? "").includes(`"user:${name}"`);
    };
    expect([await counted(JANE), await counted("john")]).toEqual([true, true]);
    expect((await erase(caller)).erasure.erased).toMatchObject({ mistakes: 2, capture_counts: 1 });
    expect([await counted(JANE), await counted("john")]).toEqual([false, true]);
  });

  it("takes examples out of a release, whose other lines stay as they were", async () => {
    const caller = await newCaller();
    await confirmed(caller, "zebra-lamp", JANE);
    const johns = await confirmed(caller, "yak-lamp", "john");
    const before = await released(caller);
    const path = `/v1/releases/${before.id}/files`;
    const linesBefore = (await (await caller.ask(`${path}/train.jsonl`)).text()).split("\n");
    const { erasure } = await erase(caller);
    expect(erasure).toMatchObject({ status: "done", release_ids: [before.id], erased: { examples: 1 } });
    expect(await kept("zebra-")).toEqual([]);
    const after = releaseWireSchema.parse((await caller.json(`/v1/releases/${before.id}`)).body);
    expect(after).toMatchObject({ status: "ready", erased: 1, counts: { analysis: 1 } });
    for (const { name, sha256: hash, bytes } of after.files) {
      const text = await (await caller.ask(`${path}/${name}`)).text();
      expect([name, await sha256(text), new TextEncoder().encode(text).byteLength]).toEqual([name, hash, bytes]);
    }
    const lines = (await (await caller.ask(`${path}/train.jsonl`)).text()).split("\n");
    expect(lines).toEqual(linesBefore.filter((line) => !line.includes("zebra-")));
    const manifest = z
      .looseObject({ erased: z.int(), lineage: z.array(z.looseObject({ mistake_id: z.string().optional() })) })
      .parse(await (await caller.ask(`${path}/manifest.json`)).json());
    expect(manifest.erased).toBe(1);
    expect(manifest.lineage.flatMap(({ mistake_id: id }) => id ?? [])).toEqual([johns]);
  });

  it("drops what a queue, a spool or a dead letter still held", async () => {
    const caller = await newCaller();
    await captured(caller, "zebra-lamp", JANE);
    await captured(caller, `zebra-${"x".repeat(40_000)}`, JANE);
    const { services } = caller.gateway;
    const held = caller.gateway.captures.take();
    await services.objects.put("dead-letters/setback-captures/1.json", JSON.stringify({ body: held[0] }), "text/json");
    await services.objects.put("spool/mis_1.json", JSON.stringify(held[1]), "application/json");
    const { erasure } = await erase(caller);
    expect(erasure.erased).toEqual({ spool: 1, dead_letters: 1 });
    const messages = held.map((body, place) => ({
      ...{ id: String(place), attempts: 1, body },
      ack: vi.fn(),
      retry: vi.fn(),
    }));
    await consumeCaptured(services, { queue: "setback-captures", messages });
    expect(await kept("zebra-")).toEqual([]);
    expect(await caller.gateway.drainAnalyses()).toMatchObject({ retried: 0 });
  });

  it("waits for a release that is being built, and takes the example out of it", async () => {
    let build = async (): Promise<void> => {
      await Promise.resolve();
    };
    const caller = await newCaller();
    await confirmed(caller, "zebra-lamp", JANE);
    const { releaseMaking, releases } = caller.gateway.services;
    const publish = releases.publish.bind(releases);
    // Built up to its publishing, which comes after the erasure.
    const builds = {
      start: async (projectId: string, id: string) => {
        await makeRelease(
          {
            ...releaseMaking,
            releases: {
              ...releaseMaking.releases,
              get: releases.get.bind(releases),
              settle: releases.settle.bind(releases),
              recordLineage: releases.recordLineage.bind(releases),
              representedClusters: releases.representedClusters.bind(releases),
              publish: async (...asked) => {
                build = async () => {
                  await publish(...asked);
                };
                await Promise.resolve();
              },
            },
          },
          projectId,
          id,
        );
      },
    };
    const order = { projectId: caller.projectId, trigger: "request" as const, includeReleased: false };
    const release = await requestRelease({ ...caller.gateway.services.releaseRequests, builds }, order);
    const first = await erase(caller);
    expect(first).toMatchObject({ status: 202, erasure: { status: "running", erased: { mistakes: 1 } } });
    await build();
    expect((await caller.ask(`/v1/releases/${release.id}/files/train.jsonl`)).status).toBe(409);
    await tick(caller.gateway.services);
    expect(await kept("zebra-")).toEqual([]);
    expect((await erase(caller)).erasure.erased).toEqual({});
    const listed = z
      .looseObject({ data: z.array(erasureWireSchema) })
      .parse((await caller.json("/v1/subjects/erasures")).body);
    expect(listed.data.map(({ status, release_ids: ids }) => [status, ids])).toEqual([
      ["done", []],
      ["done", [release.id]],
    ]);
  });

  it("stores again what the person sends later", async () => {
    const caller = await newCaller();
    const { erasing } = caller.gateway.services;
    const order = { projectId: caller.projectId, keyId: "key_1", endUserId: JANE };
    await requestErasure({ ...erasing, clock: () => Date.now() - 11 * 60_000 }, order);
    const id = await captured(caller, "lamp", JANE);
    await drained(caller);
    expect(await walk(caller, "/v1/mistakes", 10)).toEqual([id]);
  });

  it("is in the audit without the id, and for admins alone", async () => {
    const caller = await newCaller();
    const { erasure } = await erase(caller);
    const audit = z.looseObject({ data: z.array(auditWireSchema) }).parse((await caller.json("/v1/audit")).body);
    expect(audit.data[0]).toMatchObject({ event: "subject_erased", subject: erasure.id, details: {} });
    const reviewer = await newCaller({}, ["review"]);
    expect((await reviewer.ask("/v1/subjects/erase", { body: { id: JANE } })).status).toBe(403);
    expect((await reviewer.ask(`/v1/subjects/${JANE}`, { method: "DELETE" })).status).toBe(403);
  });
});
