// The Worker of the durability check: the real capture, consumers and replay over the real D1 and R2, with faults between them.
// Law: only what a platform may do is done to them; the queue is the check's own, since the simulator's forgets with its process.
import { D1MistakeStore } from "../../src/adapters/d1/d1-mistake-store.ts";
import { openDatabase } from "../../src/adapters/d1/database.ts";
import { QueueAnalysisQueue } from "../../src/adapters/queue/queue-analysis-queue.ts";
import { QueueCaptureSink } from "../../src/adapters/queue/queue-capture-sink.ts";
import { R2ObjectStore } from "../../src/adapters/r2/r2-object-store.ts";
import { CaptureToSinks } from "../../src/induction/capture-to-sinks.ts";
import { ObjectCaptureSink } from "../../src/induction/object-capture-sink.ts";
import { replaySpool } from "../../src/induction/replay-spool.ts";
import { StoreCaptureSink } from "../../src/induction/store-captured.ts";
import { consumeCaptured } from "../../src/jobs/capture-consumer.ts";
import { consumeDeadLetters } from "../../src/jobs/dead-letters.ts";
import { createMakeId } from "../../src/lib/ids.ts";
import type { ObjectStore } from "../../src/lib/object-store.ts";
import type { Captured } from "../../src/mistake/mistake-store.ts";
import type { MistakeDraft } from "../../src/mistake/capture.ts";
import { Faults, seededRandom } from "../fakes/faults.ts";
import { DEAD_LETTERS, orderSchema, type Order } from "../../scripts/durability/protocol.ts";

interface Bindings {
  readonly DB: D1Database;
  readonly OBJECTS: R2Bucket;
  /** the check's queue */
  readonly QUEUE: Fetcher;
}

/** Long enough for a busy machine: what is merely slow comes again and again. */
const SINK_MILLISECONDS = 2_000;
const STORE_MILLISECONDS = 4_000;
const METRICS = { backlogCount: 0, backlogBytes: 0 };
const QUIET = { info: () => undefined, error: () => undefined };
const AT_ONCE = 100;
/** One in so many has an exchange that must spill. */
const LARGE_EVERY = 400;

function queueOf(bindings: Bindings, name: string, faults: Faults): Queue {
  const send = async (bodies: readonly unknown[]): Promise<QueueSendResponse> => {
    await faults.around("queue", async () => {
      const reply = await bindings.QUEUE.fetch(`http://queue/${name}`, {
        method: "POST",
        body: JSON.stringify(bodies),
      });
      await reply.text();
    });
    return { metadata: { metrics: METRICS } };
  };
  return {
    metrics: async () => await Promise.resolve(METRICS),
    send: async (body: unknown) => await send([body]),
    sendBatch: async (messages: Iterable<MessageSendRequest>) => await send([...messages].map(({ body }) => body)),
  };
}

function world(bindings: Bindings, { seed, rates }: Order) {
  const faults = new Faults(seededRandom(seed));
  faults.rates = rates;
  const real = new R2ObjectStore(bindings.OBJECTS);
  const objects: ObjectStore = {
    put: async (...given) => {
      await faults.around("objects", async () => {
        await real.put(...given);
      });
    },
    get: async (key) => await faults.around("objects", async () => await real.get(key)),
    getText: async (key) => await faults.around("objects", async () => await real.getText(key)),
    getRange: async (...given) => await faults.around("objects", async () => await real.getRange(...given)),
    replace: async (...given) => await faults.around("objects", async () => await real.replace(...given)),
    list: async (...given) => await faults.around("objects", async () => await real.list(...given)),
    delete: async (key) => {
      await faults.around("objects", async () => {
        await real.delete(key);
      });
    },
  };
  const store = new D1MistakeStore(openDatabase(bindings.DB), real);
  const insertCaptured = async (captured: readonly Captured[]): Promise<void> => {
    await faults.around("database", async () => {
      await store.insertCaptured(captured);
    });
  };
  const analyses = new QueueAnalysisQueue(queueOf(bindings, "analyses", faults));
  const storing = { mistakes: { insertCaptured }, analyses, timeoutMilliseconds: STORE_MILLISECONDS };
  return { faults, objects, storing, logger: QUIET, clock: () => Date.now() };
}

function draft(number: number): MistakeDraft {
  const content = number % LARGE_EVERY === 0 ? "An answer that is long. ".repeat(2_000) : "You get a full refund.";
  return {
    projectId: "prj_durability",
    source: "production",
    messages: [{ role: "user", content: `Question ${number}: can I return my lamp?` }],
    answer: { role: "assistant", content },
    verdicts: [],
    action: "block",
    releasedCharacters: 0,
    provenance: {
      model: "none",
      guidanceVersion: null,
      policyVersion: "1",
      classifierVersion: null,
      keyId: null,
      endUser: null,
      requestId: `req_${number}`,
      completionId: "none",
      streamMode: null,
    },
  };
}

async function capture(bindings: Bindings, order: Extract<Order, { kind: "capture" }>): Promise<object> {
  const { faults, objects, storing, logger, clock } = world(bindings, order);
  const queue = queueOf(bindings, "captures", faults);
  const sink = new QueueCaptureSink({ queue, background: (work) => void work(), clock });
  const captures = new CaptureToSinks({
    sinks: [sink, new StoreCaptureSink(storing), new ObjectCaptureSink(objects)],
    objects,
    clock,
    makeId: createMakeId(clock, (length) => crypto.getRandomValues(new Uint8Array(length))),
    logger,
    sinkTimeoutMilliseconds: SINK_MILLISECONDS,
    meter: { count: () => undefined },
  });
  const accepted: string[] = [];
  let begun = 0;
  const lane = async (): Promise<void> => {
    while (begun < order.count) {
      begun += 1;
      const id = await captures.mistake(draft(order.first + begun - 1));
      if (id !== null) accepted.push(id);
    }
  };
  await Promise.all(Array.from({ length: AT_ONCE }, lane));
  return { accepted, refused: order.count - accepted.length };
}

async function consume(bindings: Bindings, order: Extract<Order, { kind: "consume" }>): Promise<object> {
  const services = world(bindings, order);
  const [acknowledged, retried]: [string[], string[]] = [[], []];
  const messages = order.messages.map(({ id, body, attempts }) => ({
    id,
    body,
    attempts,
    ack: () => acknowledged.push(id),
    retry: () => retried.push(id),
  }));
  const die = async (): Promise<void> => {
    // The whole runtime is killed meanwhile; or else the handler just ends.
    if (order.death?.startsWith("runtime") === true) {
      await bindings.QUEUE.fetch("http://queue/kill", { method: "POST" });
      await new Promise(() => undefined);
    }
    throw new Error("the consumer was killed");
  };
  if (order.death?.endsWith("before_write") === true) await die();
  const batch = { queue: order.queue, messages };
  if (order.queue === DEAD_LETTERS) await consumeDeadLetters(services, batch);
  else await consumeCaptured(services, batch);
  if (order.death?.endsWith("after_write") === true) await die();
  return { acknowledged, retried };
}

export default {
  async fetch(request: Request, bindings: Bindings): Promise<Response> {
    const order = orderSchema.parse(await request.json());
    if (order.kind === "capture") return Response.json(await capture(bindings, order));
    if (order.kind === "consume") return Response.json(await consume(bindings, order));
    const { storing, ...beside } = world(bindings, order);
    // What a tick could not do, the next one does.
    return Response.json({ replayed: await replaySpool({ ...storing, ...beside }).catch(() => 0) });
  },
};
