// What a key has spent today: exact while counts travel, read seldom, and never waited for when it is warm.
import fc from "fast-check";
import { beforeEach, describe, expect, it } from "vitest";
import { IsolateUsageMeter } from "../../src/access/isolate-usage-meter.ts";
import { SpentToday } from "../../src/access/spent-today.ts";
import type { UsageBatch } from "../../src/access/usage.ts";
import { createMakeId } from "../../src/lib/ids.ts";
import { handBackground, type HandBackground } from "../fakes/hand-background.ts";
import { handClock, type HandClock } from "../fakes/hand-clock.ts";
import { InMemoryUsageStore } from "../fakes/in-memory-usage-store.ts";
import { KeptLogger } from "../fakes/kept-logger.ts";

const OWNER = { projectId: "prj_1", keyId: "key_1" };
const CALL = { ...OWNER, purpose: "completion", model: "m", promptTokens: 6, completionTokens: 4 } as const;

/** One isolate, its queue held in the hand. */
class Isolate {
  readonly travelling: UsageBatch[] = [];
  readonly reading: HandBackground = handBackground();
  readonly meter: IsolateUsageMeter;
  readonly spent: SpentToday;

  constructor(store: InMemoryUsageStore, clock: HandClock) {
    const makeId = createMakeId(clock.now, (length) => crypto.getRandomValues(new Uint8Array(length)));
    const queue = {
      send: async (batch: UsageBatch): Promise<void> => {
        await Promise.resolve();
        this.travelling.push(batch);
      },
    };
    const { background } = handBackground();
    const logger = new KeptLogger();
    this.meter = new IsolateUsageMeter({
      queue,
      priceOf: () => 1,
      nameOf: (model) => model,
      background,
      clock: clock.now,
      makeId,
      logger,
    });
    this.spent = new SpentToday({ store, meter: this.meter, background: this.reading.background, clock: clock.now });
  }

  async tokens(): Promise<number> {
    return (await this.spent.of(OWNER)).tokens;
  }
}

describe("SpentToday", () => {
  let clock: HandClock;
  let store: InMemoryUsageStore;
  let isolate: Isolate;

  beforeEach(() => {
    clock = handClock(Date.UTC(2026, 10, 23, 12));
    store = new InMemoryUsageStore();
    isolate = new Isolate(store, clock);
  });

  it("asks the store once for a cold key, and not at all for a warm one", async () => {
    for (let asked = 0; asked < 5; asked += 1) await isolate.tokens();
    clock.advance(14_999);
    await isolate.tokens();
    expect(store.reads).toBe(1);
    expect(isolate.reading.delays()).toEqual([]);
  });

  it("reads anew in the background from 15 s on, once at a time, and answers from what it has", async () => {
    await isolate.tokens();
    await store.add([
      { id: "use_other", usage: [{ ...CALL, minute: clock.now() / 60_000, calls: 1, microDollars: 1 }], outcomes: [] },
    ]);
    clock.advance(15_000);
    expect(await isolate.tokens()).toBe(0);
    expect(await isolate.tokens()).toBe(0);
    expect(isolate.reading.delays()).toEqual([0]);
    await isolate.reading.run();
    expect(await isolate.tokens()).toBe(10);
    expect(store.reads).toBe(2);
  });

  it("reads again when a reading was lost with its invocation", async () => {
    await isolate.tokens();
    clock.advance(15_000);
    await isolate.tokens();
    isolate.reading.lose();
    clock.advance(9_999);
    await isolate.tokens();
    expect(isolate.reading.delays()).toEqual([]);
    clock.advance(1);
    await isolate.tokens();
    expect(isolate.reading.delays()).toEqual([0]);
  });

  it("never uses sums older than 30 s", async () => {
    await isolate.tokens();
    clock.advance(30_000);
    await isolate.tokens();
    expect(store.reads).toBe(2);
  });

  it("begins at nothing on a new day", async () => {
    isolate.meter.record(CALL);
    expect(await isolate.tokens()).toBe(10);
    clock.advance(12 * 3_600_000 - 1);
    expect(await isolate.tokens()).toBe(10);
    clock.advance(1);
    expect(await isolate.tokens()).toBe(0);
  });

  it("throws when a cold key can't be looked up, and stays warm while the store is away", async () => {
    store.down = true;
    await expect(isolate.tokens()).rejects.toThrow();
    store.down = false;
    await isolate.tokens();
    store.down = true;
    clock.advance(20_000);
    expect(await isolate.tokens()).toBe(0);
  });

  it("is exact in one isolate, and never more than the truth in two, whatever travels when", async () => {
    const step = fc.constantFrom("use", "flush", "arrive", "arrive again", "read", "use elsewhere");
    await fc.assert(
      fc.asyncProperty(fc.array(step, { maxLength: 40 }), async (steps) => {
        store = new InMemoryUsageStore();
        isolate = new Isolate(store, clock);
        const other = new Isolate(store, clock);
        let [mine, theirs] = [0, 0];
        let last: UsageBatch | undefined;
        for (const each of steps) {
          if (each === "use") {
            isolate.meter.record(CALL);
            mine += 10;
          } else if (each === "use elsewhere") {
            other.meter.record(CALL);
            theirs += 10;
          } else if (each === "flush") {
            await isolate.meter.flush();
            await other.meter.flush();
          } else if (each === "arrive") {
            last = isolate.travelling.shift() ?? other.travelling.shift();
            if (last !== undefined) await store.add([last]);
          } else if (each === "arrive again" && last !== undefined) await store.add([last]);
          else if (each === "read") clock.advance(30_000);
          const known = await isolate.tokens();
          expect(known).toBeGreaterThanOrEqual(mine);
          expect(known).toBeLessThanOrEqual(mine + theirs);
        }
      }),
    );
  });
});
