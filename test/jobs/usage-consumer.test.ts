// The usage queue's consumer: batches are added once, unreadable messages are kept, and a database that is away is waited for.
import { expect, it } from "vitest";
import { consumeUsage } from "../../src/jobs/usage-consumer.ts";
import { InMemoryObjectStore } from "../fakes/in-memory-object-store.ts";
import { InMemoryUsageStore } from "../fakes/in-memory-usage-store.ts";
import { KeptLogger } from "../fakes/kept-logger.ts";
import { batchOf } from "./fixtures.ts";

const QUEUE = "setback-usage";
const ROW = { projectId: "prj_1", keyId: "key_1", purpose: "repair", model: "m", minute: 5, calls: 1 } as const;
const BATCH = { id: "use_1", usage: [{ ...ROW, promptTokens: 2, completionTokens: 3, microDollars: 4 }], outcomes: [] };

function consumer() {
  const usage = new InMemoryUsageStore();
  const objects = new InMemoryObjectStore();
  const logger = new KeptLogger();
  const spent = async (): Promise<object> =>
    (await usage.spentOnDay({ projectId: "prj_1", keyId: "key_1" }, 0, [])).spent;
  return { services: { usage, objects, logger, clock: () => 1 }, usage, objects, logger, spent };
}

it("adds each batch once, though it is delivered twice", async () => {
  const { services, spent } = consumer();
  const batch = batchOf(QUEUE, [BATCH, BATCH]);
  await consumeUsage(services, batch);
  expect(batch.outcomes.map(({ was }) => was)).toEqual(["acknowledged", "acknowledged"]);
  await consumeUsage(services, batchOf(QUEUE, [BATCH, { ...BATCH, id: "use_2" }]));
  expect(await spent()).toEqual({ tokens: 10, microDollars: 8 });
});

it.each([null, {}, { ...BATCH, id: "" }, { ...BATCH, usage: [{ ...ROW, calls: -1 }] }, { ...BATCH, outcomes: [{}] }])(
  "keeps what it can't read, and adds the rest: %j",
  async (body) => {
    const { services, objects, spent } = consumer();
    const batch = batchOf(QUEUE, [body, BATCH]);
    await consumeUsage(services, batch);
    expect(batch.outcomes.map(({ was }) => was)).toEqual(["acknowledged", "acknowledged"]);
    expect(await objects.list(`dead-letters/${QUEUE}/`, 10)).toHaveLength(1);
    expect(await spent()).toEqual({ tokens: 5, microDollars: 4 });
  },
);

it("loses nothing that it can't read while the objects are away", async () => {
  const { services, objects, spent } = consumer();
  objects.down = true;
  const batch = batchOf(QUEUE, [null, BATCH]);
  await consumeUsage(services, batch);
  expect(batch.outcomes.map(({ was }) => was)).toEqual([5, "acknowledged"]);
  expect(await spent()).toEqual({ tokens: 5, microDollars: 4 });
});

it("tries all again while the database is away", async () => {
  const { services, usage, logger } = consumer();
  usage.down = true;
  const batch = batchOf(QUEUE, [BATCH, { ...BATCH, id: "use_2" }]);
  await consumeUsage(services, batch);
  expect(batch.outcomes.map(({ was }) => was)).toEqual([5, 5]);
  expect(logger.of("usage_batch_failed")).toMatchObject([{ fields: { messages: 2 } }]);
});
