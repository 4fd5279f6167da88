// Capture, queue, consumer, spool and dead letters under seeded faults, against a plain model: the set of what was accepted. The same
// faults as `npm run durability` has, on the fakes; what is drawn is the order of events.
import fc from "fast-check";
import { expect, it } from "vitest";
import { DurableQueue } from "../../scripts/durability/queue.ts";
import { DEAD_LETTERS } from "../../scripts/durability/protocol.ts";
import { QueueCaptureSink } from "../../src/adapters/queue/queue-capture-sink.ts";
import { CaptureToSinks } from "../../src/induction/capture-to-sinks.ts";
import { ObjectCaptureSink } from "../../src/induction/object-capture-sink.ts";
import { replaySpool } from "../../src/induction/replay-spool.ts";
import { StoreCaptureSink } from "../../src/induction/store-captured.ts";
import { consumeCaptured } from "../../src/jobs/capture-consumer.ts";
import { consumeDeadLetters } from "../../src/jobs/dead-letters.ts";
import type { Captured } from "../../src/mistake/mistake-store.ts";
import { type FaultRates, Faults, NO_FAULTS, seededRandom } from "../fakes/faults.ts";
import { HeldQueue } from "../fakes/held-queue.ts";
import { InMemoryMistakeStore } from "../fakes/in-memory-mistake-store.ts";
import { InMemoryObjectStore } from "../fakes/in-memory-object-store.ts";
import { KeptLogger } from "../fakes/kept-logger.ts";
import { KeptMeter } from "../fakes/kept-meter.ts";
import { capturedMistake, exchangeOf, makeTestId, newProjectId, ticking } from "../fixtures/records.ts";

const PATIENCE_MILLISECONDS = 5;

type Death = "none" | "before_write" | "after_write";

class FaultyQueue extends HeldQueue {
  readonly #faults: Faults;
  readonly #take: (bodies: readonly unknown[]) => void;

  constructor(faults: Faults, take: (bodies: readonly unknown[]) => void) {
    super();
    this.#faults = faults;
    this.#take = take;
  }

  override async send(message: unknown): Promise<QueueSendResponse> {
    return await this.#faults.around("queue", async () => {
      this.#take([structuredClone(message)]);
      return { metadata: { metrics: await this.metrics() } };
    });
  }

  override async sendBatch(messages: Iterable<MessageSendRequest>): Promise<QueueSendBatchResponse> {
    return await this.#faults.around("queue", async () => {
      this.#take([...messages].map(({ body }) => structuredClone(body)));
      return { metadata: { metrics: await this.metrics() } };
    });
  }
}

class World {
  readonly faults: Faults;
  readonly project = newProjectId();
  readonly objects = new InMemoryObjectStore();
  readonly store = new InMemoryMistakeStore(this.objects);
  readonly queue: DurableQueue;
  /** the plain model */
  readonly accepted = new Set<string>();
  readonly #services;
  readonly #capture;

  constructor(seed: number) {
    const random = seededRandom(seed);
    this.faults = new Faults(random);
    this.queue = new DurableQueue(random);
    const insertCaptured = async (captured: readonly Captured[]): Promise<void> => {
      await this.faults.around("database", async () => {
        await this.store.insertCaptured(captured);
      });
    };
    const enqueue = async (requests: readonly unknown[]): Promise<void> => {
      await this.faults.around("queue", async () => {
        await Promise.resolve();
        this.queue.take("analyses", requests);
      });
    };
    const storing = { mistakes: { insertCaptured }, analyses: { enqueue }, timeoutMilliseconds: PATIENCE_MILLISECONDS };
    this.#services = { storing, objects: this.objects, logger: new KeptLogger(), clock: ticking };
    const captures = new FaultyQueue(this.faults, (bodies) => {
      this.queue.take("captures", bodies);
    });
    const sink = new QueueCaptureSink({ queue: captures, background: (work) => void work(), clock: ticking });
    this.#capture = new CaptureToSinks({
      sinks: [sink, new StoreCaptureSink(storing), new ObjectCaptureSink(this.objects)],
      objects: this.objects,
      clock: ticking,
      makeId: makeTestId,
      logger: new KeptLogger(),
      sinkTimeoutMilliseconds: PATIENCE_MILLISECONDS,
      meter: new KeptMeter(),
    });
  }

  async capture(count: number): Promise<void> {
    const { provenance } = capturedMistake(this.project).mistake;
    const draft = { projectId: this.project, source: "production", ...exchangeOf(), verdicts: [] } as const;
    const one = async (): Promise<void> => {
      const id = await this.#capture.mistake({ ...draft, action: "block", releasedCharacters: 0, provenance });
      if (id !== null) this.accepted.add(id);
    };
    await Promise.all(Array.from({ length: count }, one));
  }

  async deliver(death: Death): Promise<void> {
    const batch = this.queue.next(0.2);
    if (batch === null) return;
    const acknowledged = new Set<string>();
    const messages = batch.messages.map((message) => ({
      ...message,
      ack: () => acknowledged.add(message.id),
      retry: () => undefined,
    }));
    if (death !== "before_write") {
      const consume = batch.queue === DEAD_LETTERS ? consumeDeadLetters : consumeCaptured;
      await consume(this.#services, { queue: batch.queue, messages });
    }
    // Of a killed consumer the queue hears nothing.
    this.queue.settle(batch.queue, batch.messages, death === "none" ? acknowledged : new Set());
  }

  async tick(): Promise<number> {
    return await replaySpool({ ...this.#services.storing, ...this.#services });
  }

  async stored(): Promise<readonly string[]> {
    const page = await this.store.list(this.project, {}, { limit: 100_000, cursor: null });
    return page.items.map(({ mistake }) => mistake.id);
  }
}

const rate = fc.constantFrom(0, 0.05, 1);
const rates: fc.Arbitrary<FaultRates> = fc.record({
  queue: rate,
  database: rate,
  objects: fc.constant(0),
  silence: fc.constantFrom(0, 0.01),
});
const step = fc.oneof(
  fc.record({ kind: fc.constant("capture" as const), rates, count: fc.integer({ min: 1, max: 60 }) }),
  fc.record({
    kind: fc.constant("deliver" as const),
    rates,
    death: fc.constantFrom<Death>("none", "none", "before_write", "after_write"),
  }),
  fc.record({ kind: fc.constant("tick" as const), rates }),
);

it(
  "loses nothing that was accepted and keeps nothing twice, whatever fails in whatever order",
  { timeout: 120_000 },
  async () => {
    let total = 0;
    await fc.assert(
      fc.asyncProperty(fc.nat(), fc.array(step, { minLength: 5, maxLength: 25 }), async (seed, steps) => {
        const world = new World(seed);
        for (const each of steps) {
          world.faults.rates = each.rates;
          if (each.kind === "capture") await world.capture(each.count);
          else if (each.kind === "deliver") await world.deliver(each.death);
          else await world.tick();
        }
        world.faults.rates = NO_FAULTS;
        while (world.queue.waiting > 0) await world.deliver("none");
        while ((await world.tick()) > 0);
        const stored = await world.stored();
        expect(new Set(stored).size).toBe(stored.length);
        expect([...world.accepted].filter((id) => !stored.includes(id))).toEqual([]);
        expect([...world.accepted].filter((id) => !world.queue.analysed.has(id))).toEqual([]);
        expect(await world.objects.list("", 10)).toEqual([]);
        total += world.accepted.size;
      }),
      { numRuns: 40, seed: 1 },
    );
    expect(total).toBeGreaterThan(2_000);
  },
);
