// The first capture sink: accepted once the queue has it, a refusal is passed on, and what comes together is sent together.
import { beforeEach, describe, expect, it } from "vitest";
import { QueueCaptureSink } from "../../../src/adapters/queue/queue-capture-sink.ts";
import { capturedSchema } from "../../../src/mistake/captured-schema.ts";
import { HeldQueue } from "../../fakes/held-queue.ts";
import { capturedAttack, capturedMistake, exchangeOf } from "../../fixtures/records.ts";

/** A queue whose sends end when the test lets them. */
class SlowQueue extends HeldQueue {
  readonly sizes: number[] = [];
  #pending: (() => void)[] = [];

  async #wait(size: number): Promise<void> {
    this.sizes.push(size);
    await new Promise<void>((resolve) => this.#pending.push(resolve));
  }

  override async send(message: unknown): Promise<QueueSendResponse> {
    await this.#wait(1);
    return await super.send(message);
  }

  override async sendBatch(messages: Iterable<MessageSendRequest>): Promise<QueueSendBatchResponse> {
    const all = [...messages];
    await this.#wait(all.length);
    for (const { body } of all) await super.send(body);
    return { metadata: { metrics: await this.metrics() } };
  }

  async release(): Promise<void> {
    const pending = this.#pending;
    this.#pending = [];
    for (const resolve of pending) resolve();
    // Longer than a sender waits for company.
    await scheduler.wait(20);
  }
}

describe("QueueCaptureSink", () => {
  let now: number;
  const sinkOf = (queue: Queue): QueueCaptureSink =>
    new QueueCaptureSink({ queue, background: (work) => void work(), clock: () => now });

  beforeEach(() => {
    now = 0;
  });

  it("sends what was captured as readable messages", async () => {
    const queue = new HeldQueue();
    const sink = sinkOf(queue);
    const captured = [capturedMistake("prj_1"), capturedAttack("prj_1")];
    for (const item of captured) await sink.accept(item);
    expect(queue.take().map((body) => capturedSchema.parse(body))).toEqual(captured);
  });

  it("rejects when the queue refuses, and takes the next", async () => {
    const queue = new HeldQueue();
    const sink = sinkOf(queue);
    queue.refuses = true;
    const all = [sink.accept(capturedMistake("prj_1")), sink.accept(capturedMistake("prj_1"))];
    expect((await Promise.allSettled(all)).map(({ status }) => status)).toEqual(["rejected", "rejected"]);
    queue.refuses = false;
    await sink.accept(capturedMistake("prj_1"));
    expect(queue.take()).toHaveLength(1);
  });

  it("sends together what comes while a send is under way, and accepts none before its own", async () => {
    const queue = new SlowQueue();
    const sink = sinkOf(queue);
    const accepted: number[] = [];
    const all = Array.from({ length: 5 }, async (_, place) => {
      await sink.accept(capturedMistake("prj_1"));
      accepted.push(place);
    });
    await queue.release();
    expect([queue.sizes, accepted]).toEqual([[1, 4], [0]]);
    await queue.release();
    await Promise.all(all);
    expect(accepted).toEqual([0, 1, 2, 3, 4]);
    expect(queue.take()).toHaveLength(5);
  });

  it("waits for no send that has become old, since its request may have been cut off", async () => {
    const queue = new SlowQueue();
    const sink = sinkOf(queue);
    const first = sink.accept(capturedMistake("prj_1"));
    now = 1_001;
    const second = sink.accept(capturedMistake("prj_1"));
    expect(queue.sizes).toEqual([1, 1]);
    await queue.release();
    await Promise.all([first, second]);
    const third = sink.accept(capturedMistake("prj_1"));
    expect(queue.sizes).toEqual([1, 1, 1]);
    await queue.release();
    await third;
  });

  it("lets one that is too large be refused alone", async () => {
    const queue = new SlowQueue();
    const sink = sinkOf(queue);
    const large = capturedMistake("prj_1", {}, exchangeOf("x", "y".repeat(130_000)));
    const all = [capturedMistake("prj_1"), capturedMistake("prj_1"), large, capturedMistake("prj_1")].map(
      async (captured) => {
        await sink.accept(captured);
      },
    );
    const settled = Promise.allSettled(all);
    for (let again = 0; again < 5; again += 1) await queue.release();
    expect((await settled).map(({ status }) => status)).toEqual(["fulfilled", "fulfilled", "rejected", "fulfilled"]);
  });
});
