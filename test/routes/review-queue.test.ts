// /v1/reviews on the wire: the queue, claims, leases, and who may do what.
import { describe, expect, it } from "vitest";
import { z } from "zod";
import { capturedMistake } from "../fixtures/records.ts";
import { anyNumber, errorSchema, idOf, newCaller, walk, type Caller } from "./fixtures.ts";

const leaseSchema = z.looseObject({
  id: z.string(),
  expires_at: z.number(),
  data: z.array(z.looseObject({ mistake_id: z.string(), reason: z.string() })),
});

async function claim(caller: Caller, body: object = {}, key = caller.key): Promise<z.infer<typeof leaseSchema>> {
  const { status, body: claimed } = await caller.json("/v1/reviews/claim", { body, key });
  expect(status).toBe(200);
  return leaseSchema.parse(claimed);
}

function idsOf({ data }: z.infer<typeof leaseSchema>): readonly string[] {
  return data.map(({ mistake_id: id }) => id);
}

async function anotherKey(caller: Caller, scopes: readonly string[] = ["review"]): Promise<string> {
  const body = { name: "another key", scopes, project_id: caller.projectId };
  const made = await caller.gateway.ask("/v1/keys", { body });
  return z.looseObject({ key: z.string() }).parse(await made.json()).key;
}

/** Stored as the consumer does, so that the policy queues them. */
async function store(caller: Caller, ...changes: Parameters<typeof capturedMistake>[1][]): Promise<readonly string[]> {
  const captured = changes.map((each, index) =>
    capturedMistake(caller.projectId, each, {
      messages: [{ role: "user", content: `Can I return lamp number ${index}, which I bought for room ${index * 7}?` }],
      answer: { role: "assistant", content: `You get all ${index} of it back, and ${index * 13} on top of that.` },
    }),
  );
  await caller.gateway.services.storing.mistakes.insertCaptured(captured);
  return captured.map(({ mistake }) => mistake.id);
}

async function refusal(caller: Caller, path: string, options: Parameters<Caller["json"]>[1]) {
  const { status, body } = await caller.json(path, options);
  return { status, code: errorSchema.parse(body).error.code };
}

describe("what is captured", () => {
  it("waits in the queue by itself, as the default policy says, and is shown with all that a decision needs", async () => {
    const caller = await newCaller();
    const [plain, reached, reported] = await store(caller, {}, { releasedCharacters: 5 }, { source: "feedback" });
    const blocked = await caller.makeMistake();
    expect(await walk(caller, "/v1/reviews/queue", 2)).toEqual([
      `2:${reported}`,
      `3:${reached}`,
      `5:${plain}`,
      `5:${blocked}`,
    ]);
    const { data, ...lease } = await claim(caller, { reviewer: "ann", limit: 1 });
    expect(lease).toEqual({ id: idOf("lea"), object: "lease", reviewer: "ann", expires_at: anyNumber });
    expect(data).toMatchObject([
      {
        ...{ mistake_id: reported, priority: 2, reason: "reported", enqueued_at: anyNumber },
        ...{ state: "captured", confirmations: 0, dismissals: 0, required: 1 },
        mistake: { id: reported, object: "mistake", source: "feedback" },
      },
    ]);
    const page = await caller.json("/v1/reviews/queue?limit=1");
    expect(page.body).toMatchObject({
      data: [{ lease: { key_id: idOf("key"), reviewer: "ann", expires_at: anyNumber } }],
    });
  });

  it("enters by the first rule of the project's own policy that holds, once, or not at all", async () => {
    const review = {
      enqueue: [
        { reason: "heavy", priority: 1, categories: ["S1"], kinds: ["harmful"] },
        {
          reason: "let_through",
          priority: 4,
          actions: ["annotate"],
          released_characters_from: 3,
          sources: ["production"],
        },
      ],
      second: { categories: [], sources: [], voices: "keys" },
      waive: [],
    };
    const caller = await newCaller();
    await caller.json("/v1/policies", { body: { name: "own", review, activate: true } });
    const harmful = { kind: "harmful", categories: ["S1", "S2"] } as const;
    const through = { action: "annotate", releasedCharacters: 3 } as const;
    const ids = await store(
      caller,
      { ...harmful, ...through },
      through,
      { ...through, releasedCharacters: 2 },
      { kind: "harmful" },
    );
    await store(caller, { ...through, id: ids[1] ?? "" });
    expect(await walk(caller, "/v1/reviews/queue", 10)).toEqual([`1:${ids[0]}`, `4:${ids[1]}`]);
  });
});

describe("a lease", () => {
  it("keeps everybody else off, until it is given back", async () => {
    const caller = await newCaller();
    const [first, second] = await store(caller, {}, {});
    const other = await anotherKey(caller);
    const lease = await claim(caller);
    expect(idsOf(lease)).toEqual([first, second]);
    expect(idsOf(await claim(caller, {}, other))).toEqual([]);
    const body = { decision: "confirm" };
    const path = `/v1/mistakes/${first}/reviews`;
    expect(await refusal(caller, path, { body, key: other })).toEqual({ status: 409, code: "leased" });
    const renewal = { body: { lease_minutes: 1 } };
    expect(await refusal(caller, `/v1/reviews/leases/${lease.id}/renew`, { ...renewal, key: other })).toEqual({
      status: 409,
      code: "lease_lost",
    });
    const renewed = await caller.json(`/v1/reviews/leases/${lease.id}/renew`, renewal);
    expect(renewed.body).toEqual({ id: lease.id, object: "lease", held: 2, expires_at: anyNumber });
    const freed = await caller.json(`/v1/reviews/leases/${lease.id}?mistake_id=${first}`, { method: "DELETE" });
    expect(freed).toEqual({ status: 200, body: { object: "lease_freed", freed: 1 } });
    expect(idsOf(await claim(caller, {}, other))).toEqual([first]);
    expect((await caller.json(`/v1/reviews/leases/${lease.id}`, { method: "DELETE" })).body).toMatchObject({
      freed: 1,
    });
    const late = { body: { ...body, lease_id: lease.id } };
    expect(await refusal(caller, `/v1/mistakes/${second}/reviews`, late)).toEqual({ status: 409, code: "lease_lost" });
    expect(await refusal(caller, path, { body: { ...body, lease_id: lease.id } })).toEqual({
      status: 409,
      code: "leased",
    });
  });

  it("ends by itself", async () => {
    let late = 0;
    const caller = await newCaller({ change: (services) => ({ ...services, clock: () => services.clock() + late }) });
    const [id] = await store(caller, {});
    const lease = await claim(caller, { lease_minutes: 1 });
    late = 60_000;
    const other = await anotherKey(caller);
    expect(idsOf(await claim(caller, {}, other))).toEqual([id]);
    const body = { decision: "confirm", lease_id: lease.id };
    expect(await refusal(caller, `/v1/mistakes/${id}/reviews`, { body })).toEqual({ status: 409, code: "leased" });
  });

  it("is freed by an admin, which stands in the audit, and by nobody else", async () => {
    const caller = await newCaller();
    const [id] = await store(caller, {});
    const reviewer = await anotherKey(caller);
    await claim(caller, {}, reviewer);
    const path = `/v1/reviews/queue/${id}/lease`;
    const options = { method: "DELETE" };
    expect((await refusal(caller, path, { ...options, key: reviewer })).status).toBe(403);
    expect(await caller.json(path, options)).toEqual({ status: 200, body: { object: "lease_freed", freed: 1 } });
    expect((await refusal(caller, path, options)).status).toBe(409);
    expect((await caller.json("/v1/audit")).body).toMatchObject({ data: [{ event: "lease_overridden", subject: id }] });
  });

  it("is on what the filter says", async () => {
    const caller = await newCaller();
    const changes = { kind: "harmful", source: "import", categories: ["S1"] } as const;
    const [wanted] = await store(caller, changes, { ...changes, kind: "leaked" }, { ...changes, categories: ["S2"] });
    const filter = { kind: "harmful", source: "import", category: "S1", reason: "flagged" };
    expect(idsOf(await claim(caller, { filter }))).toEqual([wanted]);
    expect(idsOf(await claim(caller, { filter: { cluster_id: "clu_none" } }))).toEqual([]);
  });
});

it.each([
  ["/v1/reviews/claim", { body: { limit: 51 } }],
  ["/v1/reviews/claim", { body: { lease_minutes: 0 } }],
  ["/v1/reviews/claim", { body: { filter: { category: "S99" } } }],
  ["/v1/reviews/claim", { body: { extra: 1 } }],
  ["/v1/reviews/queue?cursor=x", {}],
  ["/v1/reviews/leases/lea_1/renew", { body: { lease_minutes: 241 } }],
])("refuses %s with %j", async (path, options) => {
  expect((await refusal(await newCaller(), path, options)).status).toBe(400);
});

it("shows nothing of another project, and holds nothing of it", async () => {
  const [owner, stranger] = [await newCaller(), await newCaller()];
  const [id] = await store(owner, {});
  const lease = await claim(owner);
  expect((await stranger.json("/v1/reviews/queue")).body).toMatchObject({ data: [] });
  expect((await stranger.json(`/v1/reviews/leases/${lease.id}`, { method: "DELETE" })).body).toMatchObject({
    freed: 0,
  });
  expect((await stranger.json(`/v1/reviews/queue/${id}/lease`, { method: "DELETE" })).status).toBe(409);
});

it.each([
  ["chat", 403, 403],
  ["feedback", 403, 403],
  ["release", 403, 200],
  ["review", 200, 403],
])("with a key of scope %s claims with %d, and reads good examples with %d", async (scope, claims, examples) => {
  const caller = await newCaller({}, [scope]);
  expect((await caller.json("/v1/reviews/claim", { body: {} })).status).toBe(claims);
  expect((await caller.json("/v1/reviews/queue")).status).toBe(claims);
  expect((await caller.json("/v1/reviews/bulk", { body: { filter: {}, decision: "dismiss" } })).status).toBe(claims);
  expect((await caller.json("/v1/thresholds/suggestions")).status).toBe(claims);
  expect((await caller.ask("/v1/examples?label=good")).status).toBe(examples);
});
