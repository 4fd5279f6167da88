// A full database, end to end: answers leave, mistakes wait in the object store, whoever writes is told why, and once there is room
// everything is there once.
import { env } from "cloudflare:workers";
import { expect, it } from "vitest";
import { z } from "zod";
import { consumeCaptured } from "../../src/jobs/capture-consumer.ts";
import { tick } from "../../src/jobs/tick.ts";
import { consumeDeadLetters } from "../../src/jobs/dead-letters.ts";
import { mistakeWireSchema } from "../../src/wire/mistake.ts";
import { FullDatabase } from "../fakes/full-database.ts";
import { HeldQueue } from "../fakes/held-queue.ts";
import { batchOf } from "../jobs/fixtures.ts";
import { createGateway, type Gateway } from "../setup/gateway.ts";
import { makeKey } from "../setup/keys.ts";
import { says, scriptedUpstream } from "../setup/upstream.ts";

const LIMIT = 10_000_000_000;
const POLICY = { operator_rules: [{ id: "refund", phrase: "full refund", message: "promises a refund" }] };
const listSchema = z.object({ data: z.array(mistakeWireSchema) });
const errorSchema = z.object({ error: z.object({ code: z.string(), message: z.string(), type: z.string() }) });

function setup() {
  const queue = new HeldQueue();
  const database = new FullDatabase(env.DB, LIMIT);
  const gateway = createGateway({
    upstream: scriptedUpstream(says("You get a full refund.")),
    policy: POLICY,
    env: { CAPTURE_QUEUE: queue, DB: database.binding },
  });
  return { queue, database, gateway };
}

async function stored(gateway: Gateway): Promise<readonly string[]> {
  const reply = await gateway.ask("/v1/mistakes?limit=100");
  expect(reply.status).toBe(200);
  return listSchema.parse(await reply.json()).data.map(({ request_id: id }) => id);
}

async function spooled(): Promise<number> {
  return (await env.OBJECTS.list({ prefix: "spool/" })).objects.length;
}

it("keeps every answer leaving and every mistake waiting, and stores each once there is room", async () => {
  const { queue, database, gateway } = setup();
  const { services } = gateway;
  const { key } = await makeKey(gateway, "chat");
  const chat = async (question: string): Promise<string> => {
    const reply = await gateway.chat({ model: "m", messages: [{ role: "user", content: question }] }, { key });
    expect(reply.status).toBe(200);
    expect(await reply.text()).toContain("content_filter");
    return reply.headers.get("x-request-id") ?? "none";
  };
  const before = await chat("Can I return my lamp?");
  await consumeCaptured(services, batchOf("setback-captures", queue.take()));
  expect(await stored(gateway)).toContain(before);

  database.isFull = true;
  const queued = [await chat("And my chair by the window?"), await chat("What of the old piano?")];
  queue.refuses = true;
  const refused = await chat("Does the guarantee cover rain?");
  // Both other sinks were asked.
  expect(await spooled()).toBe(1);
  queue.refuses = false;
  const bodies = queue.take();
  expect(bodies).toHaveLength(queued.length);
  database.refusals = 0;
  const batch = batchOf("setback-captures", bodies);
  await consumeCaptured(services, batch);
  expect(batch.outcomes.map(({ was }) => typeof was)).toEqual(["number", "number"]);
  // One was enough to know.
  expect(database.refusals).toBe(1);
  await consumeDeadLetters(services, batchOf("setback-dead-letters", bodies));
  expect(await spooled()).toBe(3);
  database.refusals = 0;
  await tick(services);
  expect(await spooled()).toBe(3);
  expect((await env.OBJECTS.list({ prefix: "dead-letters/" })).objects).toEqual([]);

  // Another isolate: this one knows for a minute how large the database was.
  const health = await createGateway({ env: { DB: database.binding } }).ask("/health", { key: null });
  expect(health.status).toBe(200);
  expect(await health.json()).toMatchObject({
    ...{ status: "degraded", database: "ok", spooled: 3, dead_letters: 0, database_percent: 100 },
    warnings: [expect.stringContaining("100 % full"), expect.stringContaining("wait in the object store")],
  });

  database.isFull = false;
  await tick(services);
  expect(await spooled()).toBe(0);
  const all = await stored(gateway);
  expect(new Set(all).size).toBe(all.length);
  expect(all).toEqual(expect.arrayContaining([before, ...queued, refused]));
  await tick(services);
  expect(await stored(gateway)).toHaveLength(all.length);
});

it("lists and reads as ever, and tells whoever would write that it is full", async () => {
  const { queue, database, gateway } = setup();
  const { key } = await makeKey(gateway, "chat");
  await gateway.chat({ model: "m", messages: [{ role: "user", content: "Can I return it?" }] }, { key });
  await consumeCaptured(gateway.services, batchOf("setback-captures", queue.take()));
  const list = await (await gateway.ask("/v1/mistakes?limit=1")).json();
  const id = listSchema.parse(list).data[0]?.id ?? "none";
  database.isFull = true;
  expect((await gateway.ask(`/v1/mistakes/${id}`)).status).toBe(200);
  for (const path of ["/v1/mistakes", "/v1/attacks", "/v1/clusters", "/v1/releases", "/v1/reviews/queue"]) {
    expect([path, (await gateway.ask(path)).status]).toEqual([path, 200]);
  }
  const writes: readonly (readonly [string, object])[] = [
    [`/v1/mistakes/${id}/reviews`, { decision: "confirm" }],
    ["/v1/feedback", { label: "mistake", mistake_id: id }],
    ["/v1/keys", { name: "another", scopes: ["chat"] }],
    ["/v1/releases", {}],
  ];
  for (const [path, body] of writes) {
    const reply = await gateway.ask(path, { body });
    const { error } = errorSchema.parse(await reply.json());
    expect([path, reply.status, error.code]).toEqual([path, 503, "database_full"]);
    expect(error.message).toContain("docs/storage.md");
  }
  database.isFull = false;
  expect((await gateway.ask(`/v1/mistakes/${id}/reviews`, { body: { decision: "confirm" } })).status).toBe(201);
  // What makes room is never refused.
  database.isFull = true;
  await gateway.services.retention.deleteExpired("prj_default", [{ type: "mistake", id, objectKey: null }]);
  expect((await gateway.ask(`/v1/mistakes/${id}`)).status).toBe(404);
});
