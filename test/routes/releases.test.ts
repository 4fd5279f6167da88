// /v1/releases on the wire: asked for, listed, handed out byte for byte, and noted as collected.
import { describe, expect, it } from "vitest";
import { z } from "zod";
import { makeRelease } from "../../src/finetuning/make-release.ts";
import { sha256 } from "../../src/lib/hash.ts";
import { RELEASE_FORMATS } from "../../src/release/release.ts";
import { releaseOf } from "../fixtures/records.ts";
import { ANALYSIS, ANSWER, errorSchema, newCaller, walk, type Caller } from "./fixtures.ts";

const releaseSchema = z.strictObject({
  id: z.string(),
  object: z.literal("release"),
  status: z.enum(["building", "ready", "failed"]),
  trigger: z.enum(["request", "schedule"]),
  include_released: z.boolean(),
  formats: z.array(z.string()),
  counts: z.strictObject({
    ...{ analysis: z.int(), normal: z.int() },
    ...{ correction: z.int().optional(), preference: z.int().optional() },
  }),
  files: z.array(z.strictObject({ name: z.string(), bytes: z.int(), sha256: z.string(), rows: z.int() })),
  failure: z.string().nullable(),
  erased: z.int(),
  created_at: z.int(),
  ready_at: z.int().nullable(),
  collected_at: z.int().nullable(),
});
type ReleaseWire = z.infer<typeof releaseSchema>;

async function getRelease(caller: Caller, id: string): Promise<ReleaseWire> {
  return releaseSchema.parse((await caller.json(`/v1/releases/${id}`)).body);
}

/** Asked for, and made. */
async function release(caller: Caller, body: object = {}): Promise<ReleaseWire> {
  const { status, body: asked } = await caller.json("/v1/releases", { body });
  expect(status).toBe(202);
  return await getRelease(caller, releaseSchema.parse(asked).id);
}

async function confirmed(caller: Caller): Promise<string> {
  const id = await caller.makeMistake();
  await caller.json(`/v1/mistakes/${id}/reviews`, { body: { decision: "confirm" } });
  return id;
}

describe("POST /v1/releases", () => {
  it("answers 202 with a release that is building", async () => {
    const caller = await newCaller();
    const { status, body } = await caller.json("/v1/releases", { body: {} });
    expect(status).toBe(202);
    expect(releaseSchema.parse(body)).toMatchObject({
      status: "building",
      trigger: "request",
      include_released: false,
      counts: { analysis: 0, normal: 0 },
      files: [],
      failure: null,
      ready_at: null,
      collected_at: null,
    });
  });

  it("needs no body at all", async () => {
    const caller = await newCaller();
    const { status, body } = await caller.json("/v1/releases", { method: "POST" });
    expect(status).toBe(202);
    expect(releaseSchema.parse(body)).toMatchObject({ include_released: false });
  });

  it("makes a second release empty, and a full one when asked", async () => {
    const caller = await newCaller();
    const id = await confirmed(caller);
    expect(await release(caller)).toMatchObject({ status: "ready", counts: { analysis: 1, normal: 3 } });
    expect((await caller.json(`/v1/mistakes/${id}`)).body).toMatchObject({ state: "released" });
    const second = await release(caller);
    expect(second).toMatchObject({ status: "ready", counts: { analysis: 0, normal: 0 } });
    expect(second.files.map(({ rows }) => rows)).toEqual([0, 0, 0, 0]);
    const full = await release(caller, { include_released: true });
    expect(full).toMatchObject({ include_released: true, counts: { analysis: 1, normal: 3 } });
  });

  it.each([
    [{ include_released: "yes" }, "include_released"],
    [{ extra: 1 }, null],
    ["{", null],
    ["[]", null],
  ])("refuses %j", async (bad, param) => {
    const { status, body } = await (await newCaller()).json("/v1/releases", { body: bad });
    expect(status).toBe(400);
    expect(errorSchema.parse(body).error.param).toBe(param);
  });
});

describe("GET /v1/releases", () => {
  it("lists newest first, each once, in pages, and to its own project alone", async () => {
    const [caller, stranger] = [await newCaller(), await newCaller()];
    const all = Array.from({ length: 5 }, () => releaseOf(caller.projectId));
    for (const each of all) await caller.gateway.services.releases.insert(each);
    const newestFirst = all.map(({ id }) => id).toReversed();
    for (const limit of [1, 2, 5, 100]) expect(await walk(caller, "/v1/releases", limit)).toEqual(newestFirst);
    expect((await stranger.json("/v1/releases")).body).toMatchObject({ data: [] });
  });

  it("says why a release failed", async () => {
    const caller = await newCaller({ env: { SETBACK_NORMAL_PAIRS: "pairs/not-there.jsonl" } });
    const failed = await release(caller);
    expect(failed.status).toBe("failed");
    expect(failed.failure).toContain("SETBACK_NORMAL_PAIRS");
  });
});

describe("GET /v1/releases/{id}/files/{name}", () => {
  it("hands out each file byte for byte", async () => {
    const caller = await newCaller();
    await confirmed(caller);
    const made = await release(caller);
    const names = ["train.jsonl", "validation.jsonl", "manifest.json", "README.md"];
    expect(made.files.map(({ name }) => name)).toEqual(names);
    for (const { name, bytes, sha256: sum } of made.files) {
      const response = await caller.ask(`/v1/releases/${made.id}/files/${name}`);
      const body = new Uint8Array(await response.arrayBuffer());
      expect(body.byteLength).toBe(bytes);
      expect(await sha256(body)).toBe(sum);
      expect(response.headers.get("content-type")).toContain(
        { json: "application/json", md: "markdown" }[name.split(".").at(-1) ?? ""] ?? "jsonl",
      );
      expect(response.headers.get("content-disposition")).toBe(`attachment; filename="${made.id}-${name}"`);
      expect(response.headers.get("x-request-id")).toMatch(/^req_/);
    }
    const train = await (await caller.ask(`/v1/releases/${made.id}/files/train.jsonl`)).text();
    expect(train).toContain(ANALYSIS);
    const targets = train
      .split("\n")
      .filter((line) => line !== "")
      .map((line) =>
        z
          .object({ messages: z.tuple([z.unknown(), z.object({ role: z.literal("assistant"), content: z.string() })]) })
          .parse(JSON.parse(line)),
      );
    expect(targets.every(({ messages: [, { content }] }) => !content.includes(ANSWER))).toBe(true);
  });

  it("notes the first fetching of train.jsonl, and of nothing else", async () => {
    const caller = await newCaller();
    await confirmed(caller);
    const { id } = await release(caller);
    for (const name of ["manifest.json", "validation.jsonl"])
      await (await caller.ask(`/v1/releases/${id}/files/${name}`)).text();
    await caller.ask(`/v1/releases/${id}/files/train.jsonl`, { method: "HEAD" });
    expect((await getRelease(caller, id)).collected_at).toBeNull();
    await (await caller.ask(`/v1/releases/${id}/files/train.jsonl`)).text();
    const { collected_at: collectedAt } = await getRelease(caller, id);
    expect(collectedAt).not.toBeNull();
    await (await caller.ask(`/v1/releases/${id}/files/train.jsonl`)).text();
    expect((await getRelease(caller, id)).collected_at).toBe(collectedAt);
  });

  it.each([
    ["a release that isn't there", "rel_nothing", "train.jsonl", 404],
    ["a file that no release has", null, "weights.bin", 404],
    ["a path that leads elsewhere", null, "..%2F..%2Ftrain.jsonl", 404],
  ])("does not know %s", async (_, id, name, status) => {
    const caller = await newCaller();
    const made = await release(caller);
    const found = await caller.json(`/v1/releases/${id ?? made.id}/files/${name}`);
    expect(found.status).toBe(status);
    expect(errorSchema.parse(found.body).error.code).toBe("not_found");
  });

  it.each(["building", "failed"] as const)("has no files while a release is %s", async (status) => {
    const caller = await newCaller();
    const made = releaseOf(caller.projectId, { status });
    await caller.gateway.services.releases.insert(made);
    const found = await caller.json(`/v1/releases/${made.id}/files/train.jsonl`);
    expect(found.status).toBe(409);
    expect(errorSchema.parse(found.body).error.code).toBe("conflict");
  });
});

it("shows nothing of another project's releases, and hands out none of their files", async () => {
  const [owner, stranger] = [await newCaller(), await newCaller()];
  await confirmed(owner);
  const made = await release(owner);
  for (const path of ["", "/files/train.jsonl", "/files/manifest.json"]) {
    expect((await stranger.json(`/v1/releases/${made.id}${path}`)).status).toBe(404);
  }
  expect(await release(stranger, { include_released: true })).toMatchObject({ counts: { analysis: 0, normal: 0 } });
  expect((await getRelease(owner, made.id)).collected_at).toBeNull();
});

it.each([
  ["chat", 403],
  ["review", 403],
  ["release", 200],
])("with a key of scope %s lists with %d", async (scope, status) => {
  expect((await (await newCaller({}, [scope])).json("/v1/releases")).status).toBe(status);
});

describe("a signed address", () => {
  const addressOf = async (caller: Caller, id: string, query = ""): Promise<URL> => {
    const { status, body } = await caller.json(`/v1/releases/${id}/files/train.jsonl/url${query}`);
    expect(status).toBe(200);
    return new URL(z.object({ url: z.string(), expires_at: z.int() }).parse(body).url);
  };
  const fetched = async ({ gateway }: Caller, { pathname, search }: URL): Promise<Response> =>
    await gateway.ask(`${pathname}${search}`, { key: null });

  it("opens its file without a key, and counts as collecting it", async () => {
    const caller = await newCaller();
    await confirmed(caller);
    const made = await release(caller);
    const response = await fetched(caller, await addressOf(caller, made.id));
    expect(response.status).toBe(200);
    expect(await sha256(await response.text())).toBe(made.files[0]?.sha256);
    expect((await getRelease(caller, made.id)).collected_at).not.toBeNull();
  });

  it("opens nothing else, and nothing once it has expired", async () => {
    const caller = await newCaller();
    const made = await release(caller);
    const address = await addressOf(caller, made.id, "?seconds=60");
    const changed = (change: (url: URL) => void): URL => {
      const url = new URL(address);
      change(url);
      return url;
    };
    const others = [
      changed((url) => (url.pathname = url.pathname.replace("train.jsonl", "manifest.json"))),
      changed((url) => (url.pathname = url.pathname.replace(caller.projectId, "prj_other"))),
      changed((url) => {
        url.searchParams.set("expires", "99999999999");
      }),
      changed((url) => {
        url.searchParams.set("signature", "x".repeat(43));
      }),
      changed((url) => (url.search = "")),
    ];
    for (const url of others) expect((await fetched(caller, url)).status).toBe(404);
    expect((await caller.json(`/v1/releases/${made.id}/files/train.jsonl/url?seconds=5`)).status).toBe(400);
    expect((await caller.json(`/v1/releases/${made.id}/files/other.jsonl/url`)).status).toBe(404);
  });
});

describe("GET /v1/releases/{id}/lint", () => {
  it("finds a release clean in every format, and a file that was changed", async () => {
    const caller = await newCaller();
    const id = await caller.makeMistake();
    const correction = "Within thirty days, with its receipt.";
    await caller.json(`/v1/mistakes/${id}/reviews`, { body: { decision: "confirm", correction } });
    const made = await release(caller, { formats: [...RELEASE_FORMATS] });
    expect(made.counts).toMatchObject({ analysis: 1, correction: 1, preference: 1 });
    const { body } = await caller.json(`/v1/releases/${made.id}/lint`);
    expect(body).toMatchObject({ object: "release_lint", part: 1, parts: 1, found: 0, faults: [] });
    expect((await caller.json(`/v1/releases/${made.id}/lint?part=2`)).status).toBe(404);
    const { objects } = caller.gateway.services;
    await objects.put(`projects/${caller.projectId}/releases/${made.id}/train.jsonl`, "{}\n", "application/jsonl");
    const after = await caller.json(`/v1/releases/${made.id}/lint`);
    expect(JSON.stringify(after.body)).toContain("changed_file");
  });
});

it("tells the webhook, signed, that a release is ready or failed", async () => {
  const heard: { headers: Headers; body: string }[] = [];
  const caller = await newCaller();
  const { releaseMaking, releases } = caller.gateway.services;
  const listen: typeof fetch = async (_, init) => {
    heard.push({ headers: new Headers(init?.headers), body: await new Response(init?.body).text() });
    return new Response(null, { status: heard.length === 1 ? 500 : 204 });
  };
  const webhook = { url: "http://hook.test/", secret: "a-secret-of-at-least-24-characters", fetch: listen };
  const asked = releaseOf(caller.projectId);
  await releases.insert(asked);
  await makeRelease({ ...releaseMaking, webhook }, caller.projectId, asked.id);
  expect(heard).toHaveLength(2);
  const [, told] = heard;
  expect(JSON.parse(told?.body ?? "")).toMatchObject({
    type: "release.ready",
    data: { id: asked.id, status: "ready" },
  });
  expect(told?.headers.get("webhook-id")).toBe(`${asked.id}-ready`);
  expect(told?.headers.get("webhook-signature")).toMatch(/^v1,/);
});
