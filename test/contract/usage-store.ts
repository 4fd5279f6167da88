// What every store of usage must do, and its reports. Law: run on D1 and on the fake that other tests trust in its place.
import fc from "fast-check";
import { beforeEach, describe, expect, it } from "vitest";
import type { UsageQuery, UsageReports } from "../../src/access/usage-reports.ts";
import type { UsageStore } from "../../src/access/usage-store.ts";
import type { OutcomeMinute, UsageBatch, UsageMinute } from "../../src/access/usage.ts";
import { createMakeId } from "../../src/lib/ids.ts";
import { MINUTES_A_DAY } from "../../src/lib/utc-day.ts";
import { makeTestId, newProjectId } from "../fixtures/records.ts";

/** A day's first minute. */
const START = 20_000 * MINUTES_A_DAY;

export function usageStoreContract(name: string, make: () => UsageStore & UsageReports): void {
  describe(`${name} as a store of usage`, () => {
    let store: UsageStore & UsageReports;
    let project: string;

    beforeEach(() => {
      store = make();
      project = newProjectId();
    });

    const used = (changes: Partial<UsageMinute> = {}): UsageMinute => ({
      projectId: project,
      keyId: "key_1",
      purpose: "completion",
      model: "a-model",
      minute: START,
      calls: 1,
      promptTokens: 10,
      completionTokens: 5,
      microDollars: 3,
      ...changes,
    });

    const came = (changes: Partial<OutcomeMinute> = {}): OutcomeMinute => ({
      projectId: project,
      keyId: "key_1",
      outcome: "request",
      minute: START,
      count: 1,
      ...changes,
    });

    const batchOf = (usage: readonly UsageMinute[], outcomes: readonly OutcomeMinute[] = []): UsageBatch => ({
      id: makeTestId("use"),
      usage,
      outcomes,
    });

    const query = (changes: Partial<UsageQuery> = {}): UsageQuery => ({
      projectId: project,
      fromMinute: START,
      toMinute: START + MINUTES_A_DAY,
      groupBy: [],
      limit: 100,
      ...changes,
    });

    const spent = async (keyId = "key_1", day = 20_000): Promise<object> =>
      (await store.spentOnDay({ projectId: project, keyId }, day, [])).spent;

    it("adds up whatever comes, in any split into batches", async () => {
      const row = fc.record({
        keyId: fc.constantFrom("key_1", "key_2"),
        purpose: fc.constantFrom("completion" as const, "judge" as const),
        model: fc.constantFrom("a-model", "«模型»\u0000'"),
        minute: fc.constantFrom(START, START + 1, START + 70),
        promptTokens: fc.nat(1_000_000),
        completionTokens: fc.nat(1_000),
        microDollars: fc.nat(1_000_000_000),
      });
      await fc.assert(
        fc.asyncProperty(fc.array(fc.array(row, { maxLength: 8 }), { maxLength: 4 }), async (split) => {
          project = newProjectId();
          const batches = split.map((rows) => batchOf(rows.map(used)));
          await store.add(batches);
          const rows = batches.flatMap(({ usage }) => usage);
          const sum = (field: "promptTokens" | "completionTokens" | "microDollars" | "calls", keyId?: string): number =>
            rows
              .filter((each) => keyId === undefined || each.keyId === keyId)
              .reduce((all, each) => all + each[field], 0);
          const whole = {
            calls: sum("calls"),
            promptTokens: sum("promptTokens"),
            completionTokens: sum("completionTokens"),
            microDollars: sum("microDollars"),
          };
          expect(await store.sumUsage(query())).toEqual(rows.length === 0 ? [] : [whole]);
          for (const keyId of ["key_1", "key_2"]) {
            expect(await spent(keyId)).toEqual({
              tokens: sum("promptTokens", keyId) + sum("completionTokens", keyId),
              microDollars: sum("microDollars", keyId),
            });
          }
        }),
        { numRuns: 15 },
      );
    });

    it("adds a batch once, however often it comes, alone or beside others", async () => {
      const first = batchOf([used()], [came()]);
      const second = batchOf([used({ promptTokens: 100 })], [came()]);
      await store.add([first, first]);
      await store.add([second, first]);
      await Promise.all([store.add([first]), store.add([second])]);
      expect(await store.sumUsage(query())).toEqual([
        { calls: 2, promptTokens: 110, completionTokens: 10, microDollars: 6 },
      ]);
      expect(await spent()).toEqual({ tokens: 120, microDollars: 6 });
      expect(await store.sumOutcomes(query())).toEqual([{ outcome: "request", count: 2 }]);
    });

    it("says of a day which of the batches asked about are in its sums", async () => {
      const [stored, other] = [batchOf([used()]), batchOf([used()])];
      await store.add([stored, other]);
      const seen = await store.spentOnDay({ projectId: project, keyId: "key_1" }, 20_000, [stored.id, "use_never"]);
      expect(seen).toEqual({ spent: { tokens: 30, microDollars: 6 }, storedBatches: [stored.id] });
    });

    it("keeps days, keys and projects apart", async () => {
      await store.add([
        batchOf([
          used(),
          used({ minute: START - 1, promptTokens: 1_000 }),
          used({ minute: START + MINUTES_A_DAY, promptTokens: 2_000 }),
          used({ keyId: "key_2", promptTokens: 4_000 }),
          used({ projectId: newProjectId(), promptTokens: 8_000 }),
        ]),
      ]);
      expect(await spent()).toEqual({ tokens: 15, microDollars: 3 });
      expect(await spent("key_1", 19_999)).toEqual({ tokens: 1_005, microDollars: 3 });
      expect(await spent("key_3")).toEqual({ tokens: 0, microDollars: 0 });
      expect(await store.sumUsage(query({ groupBy: ["key"] }))).toMatchObject([
        { keyId: "key_1", promptTokens: 10 },
        { keyId: "key_2", promptTokens: 4_000 },
      ]);
    });

    it("groups by every dimension, the finest time first", async () => {
      await store.add([
        batchOf(
          [used(), used({ minute: START + 61 }), used({ minute: START + 62, purpose: "judge", model: "b-model" })],
          [came(), came({ minute: START + 61, outcome: "input_blocked" }), came({ keyId: "key_2" })],
        ),
      ]);
      const sums = { calls: 1, promptTokens: 10, completionTokens: 5, microDollars: 3 };
      expect(await store.sumUsage(query({ groupBy: ["hour"] }))).toMatchObject([
        { minute: START, calls: 1 },
        { minute: START + 60, calls: 2 },
      ]);
      expect(await store.sumUsage(query({ groupBy: ["model", "day", "minute", "key", "purpose"] }))).toEqual([
        { minute: START, keyId: "key_1", purpose: "completion", model: "a-model", ...sums },
        { minute: START + 61, keyId: "key_1", purpose: "completion", model: "a-model", ...sums },
        { minute: START + 62, keyId: "key_1", purpose: "judge", model: "b-model", ...sums },
      ]);
      expect(await store.sumOutcomes(query({ groupBy: ["day", "model"] }))).toEqual([
        { minute: START, outcome: "input_blocked", count: 1 },
        { minute: START, outcome: "request", count: 2 },
      ]);
      expect(await store.sumUsage(query({ groupBy: ["minute"], limit: 2 }))).toHaveLength(2);
      expect(await store.sumOutcomes(query({ groupBy: ["key"], limit: 1 }))).toHaveLength(1);
    });

    it("prunes rollups by their minute and batches by their making", async () => {
      const madeAt = START * 60_000;
      const makeId = createMakeId(
        () => madeAt,
        (length) => crypto.getRandomValues(new Uint8Array(length)),
      );
      const batch = { ...batchOf([used(), used({ minute: START + 5 })], [came()]), id: makeId("use") };
      await store.add([batch]);
      await store.prune(madeAt, START + 5);
      expect(await store.sumUsage(query())).toMatchObject([{ calls: 1 }]);
      expect(await store.sumOutcomes(query())).toEqual([]);
      await store.add([batch]);
      expect(await store.sumUsage(query())).toMatchObject([{ calls: 1 }]);
      await store.prune(madeAt + 1, START);
      await store.add([batch]);
      expect(await store.sumUsage(query())).toMatchObject([{ calls: 3 }]);
    });
  });
}
