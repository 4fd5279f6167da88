// The meter of one isolate: what it sends, when, and what it does when nobody takes it.
import { beforeEach, describe, expect, it } from "vitest";
import { IsolateUsageMeter } from "../../src/access/isolate-usage-meter.ts";
import { usageBatchSchema } from "../../src/access/usage-batch-schema.ts";
import type { UsageBatch } from "../../src/access/usage.ts";
import { createMakeId } from "../../src/lib/ids.ts";
import { handBackground, type HandBackground } from "../fakes/hand-background.ts";
import { handClock, type HandClock } from "../fakes/hand-clock.ts";
import { KeptLogger } from "../fakes/kept-logger.ts";
import { CALL } from "../fixtures/usage-call.ts";

const REQUEST = { projectId: "prj_1", keyId: "key_1", outcome: "request" } as const;
const DAY = Math.floor(1_700_000_000_000 / 86_400_000);

class KeptQueue {
  readonly sent: UsageBatch[] = [];
  readonly tried: string[] = [];
  refuses = false;

  async send(batch: UsageBatch): Promise<void> {
    await Promise.resolve();
    this.tried.push(batch.id);
    if (this.refuses) throw new Error("the queue refuses");
    this.sent.push(usageBatchSchema.parse(JSON.parse(JSON.stringify(batch))));
  }
}

describe("IsolateUsageMeter", () => {
  let queue: KeptQueue;
  let clock: HandClock;
  let hand: HandBackground;
  let logger: KeptLogger;
  let meter: IsolateUsageMeter;

  beforeEach(() => {
    queue = new KeptQueue();
    clock = handClock();
    hand = handBackground();
    logger = new KeptLogger();
    const makeId = createMakeId(clock.now, (length) => crypto.getRandomValues(new Uint8Array(length)));
    const { background } = hand;
    meter = new IsolateUsageMeter({
      queue,
      priceOf: () => 7,
      nameOf: (model) => model,
      background,
      clock: clock.now,
      makeId,
      logger,
    });
  });

  it("sends nothing by itself, and everything at once 5 s later", async () => {
    for (let index = 0; index < 100; index += 1) {
      meter.record(CALL);
      meter.count(REQUEST);
    }
    expect(queue.tried).toEqual([]);
    expect(hand.delays()).toEqual([5_000]);
    await hand.run();
    expect(queue.sent).toMatchObject([
      { usage: [{ calls: 100, promptTokens: 300, completionTokens: 200, microDollars: 700 }], outcomes: [] },
      { usage: [], outcomes: [{ count: 100 }] },
    ]);
    expect(new Set(queue.tried).size).toBe(2);
    meter.count(REQUEST);
    expect(hand.delays()).toEqual([5_000]);
  });

  it("asks for another flush when the one under way was lost with its invocation", async () => {
    meter.record(CALL);
    hand.lose();
    clock.advance(34_999);
    meter.record(CALL);
    expect(hand.delays()).toEqual([]);
    clock.advance(1);
    meter.record(CALL);
    await hand.run();
    expect(queue.sent.flatMap(({ usage }) => usage).reduce((sum, { calls }) => sum + calls, 0)).toBe(3);
  });

  it("flushes at once when many rows have come together, in batches that a message holds", async () => {
    for (let index = 0; index < 500; index += 1) {
      meter.record({ ...CALL, keyId: "k".repeat(64), projectId: "p".repeat(64), model: `${"模".repeat(96)}${index}` });
    }
    expect(hand.delays()).toEqual([5_000, 0]);
    await hand.run();
    expect(queue.sent).toHaveLength(5);
    for (const batch of queue.sent)
      expect(new TextEncoder().encode(JSON.stringify(batch)).length).toBeLessThan(100_000);
  });

  it("sends what was refused again, under the same id", async () => {
    meter.record(CALL);
    queue.refuses = true;
    await hand.run();
    expect(logger.of("usage_not_sent")).toHaveLength(1);
    queue.refuses = false;
    meter.record(CALL);
    await hand.run();
    expect(queue.sent).toHaveLength(2);
    expect(queue.tried[1]).toBe(queue.tried[0]);
  });

  it("keeps at most 100 refused batches, and says what it lost", async () => {
    queue.refuses = true;
    for (let flush = 0; flush < 103; flush += 1) {
      meter.record(CALL);
      await hand.run();
    }
    expect(logger.of("usage_dropped")).toHaveLength(3);
    queue.refuses = false;
    meter.record(CALL);
    await hand.run();
    expect(queue.sent).toHaveLength(101);
  });

  it("says how many records it could not hold", async () => {
    for (let index = 0; index < 2_010; index += 1) meter.record({ ...CALL, model: `m-${index}` });
    await meter.flush();
    expect(logger.of("usage_dropped")).toMatchObject([{ fields: { records: 10 } }]);
  });

  it("counts as unstored what nobody has seen in the store, key by key", async () => {
    expect(meter.unstored("key_1", DAY)).toEqual({ tokens: 0, microDollars: 0 });
    meter.record(CALL);
    meter.record({ ...CALL, keyId: "key_2", promptTokens: 100 });
    await hand.run();
    meter.record(CALL);
    expect(meter.unstored("key_1", DAY)).toEqual({ tokens: 10, microDollars: 14 });
    const [sent] = meter.batchesUnderWay();
    meter.markStored("key_1", DAY, [sent ?? "", "use_unknown"]);
    expect(meter.unstored("key_1", DAY)).toEqual({ tokens: 5, microDollars: 7 });
    expect(meter.unstored("key_2", DAY)).toEqual({ tokens: 102, microDollars: 7 });
    expect(meter.unstored("key_2", DAY + 1)).toEqual({ tokens: 0, microDollars: 0 });
    meter.markStored("key_2", DAY, [sent ?? ""]);
    expect(meter.batchesUnderWay()).toEqual([]);
  });

  it("remembers no more than 100 batches under way", async () => {
    for (let flush = 0; flush < 105; flush += 1) {
      meter.record(CALL);
      await hand.run();
    }
    expect(meter.batchesUnderWay()).toHaveLength(100);
    expect(meter.unstored("key_1", DAY).tokens).toBe(500);
  });
});
