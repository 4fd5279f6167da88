// The gate: what is refused and how it says so, and that an outage of a counter refuses nobody.
import { beforeEach, describe, expect, it, vi } from "vitest";
import { NO_LIMITS, type KeyLimits } from "../../src/access/key-limits.ts";
import type { Key } from "../../src/access/key.ts";
import { ROOT_KEY } from "../../src/access/key-ring.ts";
import { LimitGate } from "../../src/access/limit-gate.ts";
import { NOTHING_SPENT, type Spent } from "../../src/access/usage.ts";
import type { Problem } from "../../src/problem.ts";
import { FakeRates } from "../fakes/fake-rates.ts";
import { handClock, type HandClock } from "../fakes/hand-clock.ts";
import { KeptLogger } from "../fakes/kept-logger.ts";
import { KeptMeter } from "../fakes/kept-meter.ts";

const NOON = Date.UTC(2026, 10, 23, 12, 0, 18);

describe("LimitGate", () => {
  let rates: FakeRates;
  let spent: Spent;
  let spentToday: { of: () => Promise<Spent> };
  let meter: KeptMeter;
  let clock: HandClock;
  let logger: KeptLogger;
  let defaults: KeyLimits;

  beforeEach(() => {
    rates = new FakeRates();
    spent = NOTHING_SPENT;
    spentToday = { of: vi.fn(async () => await Promise.resolve(spent)) };
    meter = new KeptMeter();
    clock = handClock(NOON);
    logger = new KeptLogger();
    defaults = NO_LIMITS;
  });

  const gate = (): LimitGate => new LimitGate({ defaults, rates, spentToday, meter, clock: clock.now, logger });
  const keyWith = (limits: Partial<KeyLimits>): Key => ({
    id: "key_1",
    projectId: "prj_1",
    name: "shop",
    scopes: ["chat"],
    limits: { ...NO_LIMITS, ...limits },
    consent: null,
    createdAt: 1,
  });
  const refusal = async (limits: Partial<KeyLimits>): Promise<Problem | null> => await gate().refusal(keyWith(limits));
  const outcomes = (): readonly string[] => meter.outcomes.map(({ outcome }) => outcome);

  it("asks nobody about a key without limits, nor about the operator's own", async () => {
    expect(await refusal({})).toBeNull();
    defaults = { requestsPerMinute: 10, tokensPerDay: 1, microDollarsPerDay: 1 };
    spent = { tokens: 5, microDollars: 5 };
    expect(await gate().refusal(ROOT_KEY)).toBeNull();
    expect(rates.asked).toEqual([]);
    expect(spentToday.of).not.toHaveBeenCalled();
  });

  it("says of a rate when to come back", async () => {
    rates.left = 1;
    expect(await refusal({ requestsPerMinute: 30 })).toBeNull();
    expect(await refusal({ requestsPerMinute: 30 })).toEqual({
      status: 429,
      type: "rate_limit_error",
      code: "rate_limit_exceeded",
      message: "This key may make 30 requests a minute. Try again in 42 s.",
      param: null,
      headers: { "retry-after": "42" },
    });
    expect(rates.asked).toEqual([
      ["key_1", 30],
      ["key_1", 30],
    ]);
    expect(outcomes()).toEqual(["rate_limited"]);
  });

  it.each<[string, Partial<KeyLimits>, Spent]>([
    ["tokens_per_day", { tokensPerDay: 100 }, { tokens: 100, microDollars: 0 }],
    ["tokens_per_day", { tokensPerDay: 100, microDollarsPerDay: 1 }, { tokens: 101, microDollars: 1 }],
    ["dollars_per_day", { microDollarsPerDay: 5 }, { tokens: 0, microDollars: 5 }],
    ["dollars_per_day", { tokensPerDay: 100, microDollarsPerDay: 5 }, { tokens: 99, microDollars: 6 }],
  ])("says of the budget %s of %j when it begins anew", async (budget, limits, sum) => {
    spent = sum;
    const refused = await refusal(limits);
    expect(refused).toEqual({
      status: 429,
      type: "insufficient_quota",
      code: "insufficient_quota",
      message: `This key's budget ${budget} is spent. It begins anew at 2026-11-24T00:00:00.000Z.`,
      param: null,
      details: { budget, resets_at: Date.UTC(2026, 10, 24) / 1000 },
      headers: { "x-should-retry": "false" },
    });
    expect(outcomes()).toEqual(["budget_exceeded"]);
  });

  it("lets the last request begin below a budget", async () => {
    spent = { tokens: 99, microDollars: 4 };
    expect(await refusal({ tokensPerDay: 100, microDollarsPerDay: 5 })).toBeNull();
  });

  it("looks at the rate first, and spends no look at a budget on what it refuses", async () => {
    rates.left = 0;
    spent = { tokens: 100, microDollars: 0 };
    expect((await refusal({ requestsPerMinute: 10, tokensPerDay: 1 }))?.code).toBe("rate_limit_exceeded");
    expect(spentToday.of).not.toHaveBeenCalled();
  });

  it("takes the gateway's default where the key has none of its own", async () => {
    defaults = { requestsPerMinute: 3_000, tokensPerDay: 7, microDollarsPerDay: null };
    spent = { tokens: 7, microDollars: 0 };
    expect((await refusal({ requestsPerMinute: 10 }))?.code).toBe("insufficient_quota");
    expect(await refusal({ tokensPerDay: 8 })).toBeNull();
    expect(rates.asked).toEqual([
      ["key_1", 10],
      ["key_1", 3_000],
    ]);
  });

  it("lets pass when a counter or the store fails, counts each, and logs now and then", async () => {
    rates.state = "down";
    const failing = gate();
    const limits = keyWith({ requestsPerMinute: 10, tokensPerDay: 1 });
    spentToday.of = async () => await Promise.reject(new Error("the database is away"));
    for (let request = 0; request < 3; request += 1) expect(await failing.refusal(limits)).toBeNull();
    expect(outcomes()).toEqual(Array.from({ length: 6 }, () => "limits_unavailable"));
    expect(logger.of("limits_unavailable")).toHaveLength(1);
    clock.advance(10_000);
    await failing.refusal(limits);
    expect(logger.of("limits_unavailable")).toHaveLength(2);
  });

  it("still keeps the budget when only the rate can't be counted", async () => {
    rates.state = "down";
    spent = { tokens: 1, microDollars: 0 };
    expect((await refusal({ requestsPerMinute: 10, tokensPerDay: 1 }))?.code).toBe("insufficient_quota");
  });

  it("waits 2 s for a counter that never answers, and lets pass", async () => {
    vi.useFakeTimers();
    try {
      rates.state = "silent";
      const waiting = refusal({ requestsPerMinute: 10 });
      await vi.advanceTimersByTimeAsync(2_000);
      expect(await waiting).toBeNull();
      expect(outcomes()).toEqual(["limits_unavailable"]);
    } finally {
      vi.useRealTimers();
    }
  });
});
