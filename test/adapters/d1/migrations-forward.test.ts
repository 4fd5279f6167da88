// Migrations run forward on a database that the former version filled (0000 to 0005): what was there is there, and today's stores,
// lists and deletions know it. Law: rows are compared as they were read before, never as somebody thinks they are.
import { env } from "cloudflare:workers";
import { beforeAll, describe, expect, it } from "vitest";
import { z } from "zod";
import { D1KeyStore } from "../../../src/adapters/d1/d1-key-store.ts";
import { D1MistakeStore } from "../../../src/adapters/d1/d1-mistake-store.ts";
import { D1ReleaseStore } from "../../../src/adapters/d1/d1-release-store.ts";
import { D1RetentionStore } from "../../../src/adapters/d1/d1-retention-store.ts";
import { D1ReviewStore } from "../../../src/adapters/d1/d1-review-store.ts";
import { openDatabase } from "../../../src/adapters/d1/database.ts";
import { R2ObjectStore } from "../../../src/adapters/r2/r2-object-store.ts";
import { storedPolicy } from "../../../src/policy/read-policy.ts";
import { DEFAULT_POLICY } from "../../../src/policy/policy.ts";
import {
  BUILDING_RELEASE,
  FORMER_EXCHANGE,
  FORMER_KEY,
  FORMER_MISTAKES,
  FORMER_PROJECT,
  formerId,
  type FormerRow,
  formerTables,
  READY_RELEASE,
} from "../../fixtures/former-rows.ts";
import { auditEntryOf, wholeReviewOf } from "../../fixtures/records.ts";
import { bringForward, fillTables, goBackTo, ownTables, rowsOf } from "../../setup/former-database.ts";
import { createGateway } from "../../setup/gateway.ts";

const listSchema = z.looseObject({
  data: z.array(z.looseObject({ id: z.string().optional() })),
  has_more: z.boolean(),
  next_cursor: z.string().nullable(),
});
const categoriesSchema = z.array(z.string());
const listedMistake = z.looseObject({ id: z.string(), messages: z.array(z.unknown()), answer_message: z.unknown() });

const database = openDatabase(env.DB);
const objects = new R2ObjectStore(env.OBJECTS);
const mistakes = new D1MistakeStore(database, objects);
const reviews = new D1ReviewStore(database);
const before = new Map<string, { readonly columns: readonly string[]; readonly rows: readonly FormerRow[] }>();

const newestFirst = FORMER_MISTAKES.toReversed();
const idsWhere = (fits: (row: (typeof FORMER_MISTAKES)[number]) => boolean): readonly string[] =>
  newestFirst.filter(fits).map(({ id }) => id);

/** With the former version's own key. */
async function ask(path: string): Promise<unknown> {
  const reply = await createGateway().ask(path, { key: FORMER_KEY.token });
  expect(reply.status, path).toBe(200);
  return await reply.json();
}

async function walk(path: string): Promise<readonly unknown[]> {
  const seen: unknown[] = [];
  for (let cursor: string | null = ""; cursor !== null;) {
    const page = listSchema.parse(await ask(`${path}limit=50${cursor === "" ? "" : `&cursor=${cursor}`}`));
    seen.push(...page.data);
    cursor = page.has_more ? page.next_cursor : null;
  }
  return seen;
}

const idSchema = z.looseObject({ id: z.string() });
const idsAt = async (path: string): Promise<readonly string[]> =>
  (await walk(path)).map((item) => idSchema.parse(item).id);

beforeAll(async () => {
  await goBackTo("0005");
  await fillTables(formerTables(await FORMER_KEY.hash()));
  for (const { id, exchange_key } of FORMER_MISTAKES) {
    if (exchange_key === null) continue;
    await env.OBJECTS.put(exchange_key, JSON.stringify({ ...FORMER_EXCHANGE, id }));
  }
  const key = `projects/${FORMER_PROJECT}/attacks/${formerId("atk", 0)}.json`;
  await env.OBJECTS.put(key, JSON.stringify(FORMER_EXCHANGE.messages));
  for (const table of await ownTables()) {
    const rows = await rowsOf(table);
    before.set(table, { columns: Object.keys(rows[0] ?? {}), rows });
  }
  await bringForward();
});

describe("a database of the former version, brought forward", () => {
  it("had rows in every table", () => {
    expect([...before].filter(([, { rows }]) => rows.length === 0)).toEqual([]);
    expect(before.size).toBe(20);
  });

  it("keeps every row of every table as it was", async () => {
    for (const [table, { columns, rows }] of before) expect(await rowsOf(table, columns), table).toEqual(rows);
  });

  it("gives back every mistake whole, spilled ones too", async () => {
    for (const row of FORMER_MISTAKES) {
      const found = await mistakes.get(FORMER_PROJECT, row.id);
      const { id, kind, source, state, correction, key_id } = row;
      expect(found?.mistake).toMatchObject({
        ...{ id, kind, source, state, correction, createdAt: row.created_at },
        categories: categoriesSchema.parse(JSON.parse(row.categories)),
        exchange: FORMER_EXCHANGE,
        verdicts: [{ guardrail: "phrases", latencyMilliseconds: null, rationale: null }],
        ...{ clusterId: null, quarantine: null, releasedCharacters: row.released_characters },
        provenance: { keyId: key_id, endUser: null, streamMode: row.stream_mode, requestId: row.request_id },
      });
      expect(found?.analyses).toHaveLength(state === "captured" ? 0 : 1);
    }
  });

  it("lists them by every filter over the wire, page by page", async () => {
    const listed = (await walk("/v1/mistakes?")).map((item) => listedMistake.parse(item));
    expect(listed.map(({ id }) => id)).toEqual(idsWhere(() => true));
    expect(listed.every(({ messages }) => messages.length === 1)).toBe(true);
    for (const state of ["captured", "analysed", "confirmed", "dismissed", "released"] as const) {
      const of = (row: (typeof FORMER_MISTAKES)[number]): boolean => row.state === state;
      expect(await idsAt(`/v1/mistakes?state=${state}&`)).toEqual(idsWhere(of));
      const leaked = (row: (typeof FORMER_MISTAKES)[number]): boolean => of(row) && row.kind === "leaked";
      expect(await idsAt(`/v1/mistakes?state=${state}&kind=leaked&`)).toEqual(idsWhere(leaked));
    }
    expect(await idsAt("/v1/mistakes?source=import&")).toEqual(idsWhere(({ source }) => source === "import"));
    const key = formerId("key", 1);
    expect(await idsAt(`/v1/mistakes?key_id=${key}&`)).toEqual(idsWhere(({ key_id }) => key_id === key));
    const isDefault = ({ policy_version }: FormerRow): boolean => policy_version === "default-2";
    expect(await idsAt("/v1/mistakes?policy_version=default-2&")).toEqual(idsWhere(isDefault));
    expect(await idsAt("/v1/mistakes?quarantine=burst&")).toEqual([]);
    const [from, to] = [FORMER_MISTAKES[30]?.created_at ?? 0, FORMER_MISTAKES[60]?.created_at ?? 0];
    expect(await idsAt(`/v1/mistakes?created_after=${from / 1000}&created_before=${to / 1000}&`)).toEqual(
      idsWhere(({ created_at }) => created_at >= from && created_at < to),
    );
  });

  it.each(["custom:refund", "offensive", "S1", "incorrect"])("lists those of category %s", async (category) => {
    const has = ({ categories }: { readonly categories: string }): boolean => categories.includes(`"${category}"`);
    expect(await idsAt(`/v1/mistakes?category=${category}&`)).toEqual(idsWhere(has));
    const dismissed = idsWhere((row) => has(row) && row.state === "dismissed");
    expect(await idsAt(`/v1/mistakes?category=${category}&state=dismissed&`)).toEqual(dismissed);
  });

  it("lists all else over the wire", async () => {
    expect(await idsAt("/v1/attacks?")).toEqual([2, 1, 0].map((index) => formerId("atk", index)));
    expect(await idsAt(`/v1/attacks?key_id=${formerId("key", 1)}&`)).toEqual([formerId("atk", 1)]);
    expect(await idsAt("/v1/releases?")).toEqual([BUILDING_RELEASE, READY_RELEASE]);
    expect(await idsAt("/v1/policies?")).toEqual([formerId("pol", 0)]);
    expect(await idsAt("/v1/overrules?")).toEqual([formerId("ovr", 0)]);
    expect(await idsAt("/v1/audit?")).toEqual([formerId("aud", 0)]);
    expect(await idsAt("/v1/upstreams?")).toEqual([formerId("ups", 0)]);
    expect(await idsAt("/v1/keys?")).toEqual([formerId("key", 0)]);
    const [from] = FORMER_MISTAKES;
    const second = Math.floor((from?.created_at ?? 0) / 60_000) * 60;
    expect(await ask(`/v1/usage?from=${second}&to=${second + 60}`)).toMatchObject({
      usage: [{ calls: 2, prompt_tokens: 30, completion_tokens: 40 }],
      outcomes: [{ outcome: "request", count: 2 }],
    });
    for (const path of ["/v1/clusters?", "/v1/feedback?", "/v1/reviews/queue?", "/v1/subjects/erasures?"]) {
      expect(await walk(path), path).toEqual([]);
    }
  });

  it("keeps keys valid, with no consent of their own", async () => {
    const key = await new D1KeyStore(database).findKeyByHash(await FORMER_KEY.hash());
    expect(key).toMatchObject({ id: formerId("key", 0), consent: null, limits: { requestsPerMinute: 30 } });
  });

  it("reads policies that know nothing of the mistake store", () => {
    const [row] = before.get("policies")?.rows ?? [];
    const resolved = z.record(z.string(), z.unknown()).parse(JSON.parse(String(row?.["resolved"])));
    const { review, poisoning, feedback } = DEFAULT_POLICY;
    expect(storedPolicy(resolved)).toMatchObject({
      ok: true,
      value: { version: formerId("pol", 0), retention_days: 30, review, poisoning, feedback },
    });
  });

  it("counts former reviews as one person's standing voice, and takes another decision", async () => {
    const [id] = idsWhere(({ state }) => state === "dismissed");
    if (id === undefined) throw new Error("nothing was dismissed");
    const [former] = await reviews.listReviews(FORMER_PROJECT, id);
    const unchanged = { kind: null, categories: null, correction: null, bulkId: null, reviewer: null };
    expect(former).toMatchObject({ decision: "dismiss", by: "person", required: 1, standing: true, ...unchanged });
    const [voice] = await reviews.standingOf(FORMER_PROJECT, [id], "keys");
    expect(voice).toEqual({ mistakeId: id, state: "dismissed", confirmations: 0, dismissals: 1 });
    const review = wholeReviewOf(FORMER_PROJECT, id, { decision: "relabel", categories: ["S14"] });
    const terms = { leaseId: null, unattended: false, quarantined: false, voices: "keys", now: 1 } as const;
    await reviews.decide({ ...terms, reviews: [review], entry: auditEntryOf(FORMER_PROJECT, { subject: id }) });
    expect(await idsAt("/v1/mistakes?category=S14&")).toEqual([id]);
  });

  it("claims for a new release what is confirmed and free, and publishes the one that was being built", async () => {
    const releases = new D1ReleaseStore(database);
    const claimed = async (releaseId: string): Promise<readonly string[]> => {
      const options = { after: null, limit: 1000, includeReleased: false };
      return (await mistakes.listClaimed(FORMER_PROJECT, releaseId, options)).map(({ mistake }) => mistake.id);
    };
    const wanted = (releaseId: string | null): readonly string[] =>
      idsWhere(({ state, release_id }) => state === "confirmed" && release_id === releaseId).toReversed();
    await mistakes.claimForRelease(FORMER_PROJECT, "rel_new", 1000);
    expect(await claimed("rel_new")).toEqual(wanted(null));
    expect(await claimed(BUILDING_RELEASE)).toEqual(wanted(BUILDING_RELEASE));
    const published = { counts: { analysis: 1, normal: 0 }, files: [], readyAt: 1 };
    await releases.publish(FORMER_PROJECT, BUILDING_RELEASE, { ...published, mistakeIds: wanted(BUILDING_RELEASE) });
    expect(await releases.get(FORMER_PROJECT, BUILDING_RELEASE)).toMatchObject({ status: "ready", erased: 0 });
    const released = idsWhere(({ state, release_id }) => state === "released" || release_id === BUILDING_RELEASE);
    expect(await idsAt("/v1/mistakes?state=released&")).toEqual(released);
  });

  it("lets retention delete all but what a release is being built from, with every trace in the lists", async () => {
    const retention = new D1RetentionStore(database);
    const expired = await retention.listExpired(FORMER_PROJECT, Date.UTC(2100, 0), 1000);
    await retention.deleteExpired(FORMER_PROJECT, expired);
    const left = idsWhere(({ state, release_id }) => state === "confirmed" && release_id === null);
    expect(await idsAt("/v1/mistakes?")).toEqual(left);
    expect(await idsAt("/v1/attacks?")).toEqual([]);
    expect(new Set((await rowsOf("mistake_categories")).map(({ mistake_id }) => mistake_id))).toEqual(
      new Set(
        FORMER_MISTAKES.filter(({ id, categories }) => left.includes(id) && categories !== "[]").map(({ id }) => id),
      ),
    );
    expect((await rowsOf("analyses")).length).toBe(left.length);
  });
});
