// The tally: sums by minute, bounded, and nothing but whole numbers in it.
import fc from "fast-check";
import { expect, it } from "vitest";
import { usageBatchSchema } from "../../src/access/usage-batch-schema.ts";
import { UsageTally } from "../../src/access/usage-tally.ts";
import { CALL } from "../fixtures/usage-call.ts";

const MINUTE = 60_000;

const asIs = (model: string): string => model;

it("adds calls of one kind and minute into one row, priced one by one", () => {
  const tally = new UsageTally(10, ({ promptTokens }) => promptTokens + 1, asIs);
  tally.addUsage(CALL, MINUTE);
  tally.addUsage(CALL, 2 * MINUTE - 1);
  tally.addUsage(CALL, 2 * MINUTE);
  tally.addUsage({ ...CALL, purpose: "judge" }, MINUTE);
  tally.addOutcome({ projectId: "prj_1", keyId: "key_1", outcome: "request" }, MINUTE);
  tally.addOutcome({ projectId: "prj_1", keyId: "key_1", outcome: "request" }, MINUTE);
  expect(tally.rows).toBe(4);
  expect(tally.spentBy("key_1", 0)).toEqual({ tokens: 20, microDollars: 16 });
  const { usage, outcomes, dropped } = tally.take();
  expect(usage).toEqual([
    { ...CALL, minute: 1, calls: 2, promptTokens: 6, completionTokens: 4, microDollars: 8 },
    { ...CALL, minute: 2, calls: 1, microDollars: 4 },
    { ...CALL, purpose: "judge", minute: 1, calls: 1, microDollars: 4 },
  ]);
  expect(outcomes).toEqual([{ projectId: "prj_1", keyId: "key_1", outcome: "request", minute: 1, count: 2 }]);
  expect(dropped).toBe(0);
  expect(tally.rows).toBe(0);
  expect(tally.spentBy("key_1", 0)).toEqual({ tokens: 0, microDollars: 0 });
});

it("holds no more rows than its capacity, and counts what it dropped", () => {
  const tally = new UsageTally(3, () => 0, asIs);
  for (let index = 0; index < 10; index += 1) tally.addUsage({ ...CALL, model: `m-${index}` }, 0);
  tally.addOutcome({ projectId: "prj_1", keyId: "key_1", outcome: "request" }, 0);
  tally.addUsage({ ...CALL, model: "m-0" }, 0);
  const { usage, outcomes, dropped } = tally.take();
  expect(usage.map(({ model, calls }) => [model, calls])).toEqual([
    ["m-0", 2],
    ["m-1", 1],
    ["m-2", 1],
  ]);
  expect(outcomes).toEqual([]);
  expect(dropped).toBe(8);
});

it("takes whatever an upstream counts and names, and what it makes of it can be sent and read", () => {
  const count = fc.oneof(fc.double(), fc.integer(), fc.constantFrom(NaN, Infinity, -1, 0.5));
  fc.assert(
    fc.property(
      fc.array(fc.tuple(fc.string({ unit: "binary", maxLength: 300 }), count, count), { minLength: 1 }),
      (calls) => {
        const tally = new UsageTally(100, () => 1, asIs);
        for (const [model, promptTokens, completionTokens] of calls) {
          tally.addUsage({ ...CALL, model, promptTokens, completionTokens: Math.min(completionTokens, 1e9) }, 0);
        }
        const usage = tally.take().usage.map((row) => ({ ...row, promptTokens: Math.min(row.promptTokens, 1e9) }));
        const sent: unknown = JSON.parse(JSON.stringify({ id: "use_1", usage, outcomes: [] }));
        expect(usageBatchSchema.parse(sent).usage).toEqual(usage);
        for (const { model } of usage) expect(model.isWellFormed() && model.length <= 100).toBe(true);
      },
    ),
  );
});
