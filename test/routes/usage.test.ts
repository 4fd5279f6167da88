// GET /v1/usage on real D1: what was counted comes back, grouped as asked, of the caller's project alone.
import { describe, expect, it } from "vitest";
import { makeTestId } from "../fixtures/records.ts";
import { anyNumber, errorSchema, newCaller, type Caller } from "./fixtures.ts";

const DAY = 86_400;
const START = 20_000 * DAY;

/** Two calls of one key and one of another, an hour and a minute apart. */
async function counted(caller: Caller): Promise<void> {
  const { projectId } = caller;
  const used = { projectId, purpose: "completion", model: "m", calls: 1 } as const;
  const cost = { promptTokens: 10, completionTokens: 5, microDollars: 290_000 };
  const minute = START / 60;
  await caller.gateway.services.usage.add([
    {
      id: makeTestId("use"),
      usage: [
        { ...used, ...cost, keyId: "key_1", minute },
        { ...used, ...cost, keyId: "key_2", minute: minute + 61 },
        { ...used, ...cost, keyId: "key_2", minute: minute + 61, purpose: "analysis" },
      ],
      outcomes: [{ projectId, keyId: "key_1", outcome: "request", minute, count: 2 }],
    },
  ]);
}

const SUMS = { calls: 1, prompt_tokens: 10, completion_tokens: 5, dollars: 0.29 };

describe("GET /v1/usage", () => {
  it("sums up a span of time", async () => {
    const caller = await newCaller();
    await counted(caller);
    const { status, body } = await caller.json(`/v1/usage?from=${START}&to=${START + DAY}`);
    expect(status).toBe(200);
    expect(body).toEqual({
      object: "usage",
      from: START,
      to: START + DAY,
      usage: [{ calls: 3, prompt_tokens: 30, completion_tokens: 15, dollars: 0.87 }],
      outcomes: [{ outcome: "request", count: 2 }],
      truncated: false,
    });
  });

  it("groups as asked", async () => {
    const caller = await newCaller();
    await counted(caller);
    const { body } = await caller.json(`/v1/usage?from=${START}&to=${START + DAY}&group_by=hour,key,purpose`);
    expect(body).toMatchObject({
      usage: [
        { start: START, key_id: "key_1", purpose: "completion", ...SUMS },
        { start: START + 3_600, key_id: "key_2", purpose: "analysis", ...SUMS },
        { start: START + 3_600, key_id: "key_2", purpose: "completion", ...SUMS },
      ],
      outcomes: [{ start: START, key_id: "key_1", outcome: "request", count: 2 }],
    });
  });

  it("is about the last day unless it is asked otherwise", async () => {
    const caller = await newCaller();
    await counted(caller);
    const { body } = await caller.json("/v1/usage");
    expect(body).toEqual({
      object: "usage",
      from: anyNumber,
      to: anyNumber,
      usage: [],
      outcomes: [],
      truncated: false,
    });
    const recent = { projectId: caller.projectId, keyId: "key_3", purpose: "judge", model: "m" } as const;
    caller.gateway.services.meter.record({ ...recent, promptTokens: 1, completionTokens: 0 });
    await caller.gateway.drainUsage();
    expect((await caller.json("/v1/usage")).body).toMatchObject({ usage: [{ calls: 1, prompt_tokens: 1 }] });
  });

  it("shows nothing of another project", async () => {
    const [mine, theirs] = [await newCaller(), await newCaller()];
    await counted(mine);
    expect((await theirs.json(`/v1/usage?from=0&to=${START + DAY}`)).body).toMatchObject({ usage: [], outcomes: [] });
  });

  it("says when there is more than it shows", async () => {
    const caller = await newCaller();
    const row = { projectId: caller.projectId, keyId: "key_1", outcome: "request", count: 1 } as const;
    const outcomes = Array.from({ length: 1_001 }, (_, index) => ({ ...row, minute: START / 60 + index }));
    await caller.gateway.services.usage.add([{ id: makeTestId("use"), usage: [], outcomes }]);
    const { body } = await caller.json(`/v1/usage?from=${START}&to=${START + DAY}&group_by=minute`);
    expect(body).toMatchObject({ truncated: true });
    expect((await caller.json(`/v1/usage?from=${START}&to=${START + DAY}`)).body).toMatchObject({ truncated: false });
  });

  it.each([
    ["from=soon", "from"],
    ["from=", "from"],
    ["to=%20", "to"],
    ["from=-1", "from"],
    ["to=1.5", "to"],
    ["from=10&to=10", "from"],
    ["group_by=week", "group_by[0]"],
    ["group_by=", "group_by[0]"],
  ])("refuses ?%s", async (query, param) => {
    const caller = await newCaller();
    const { status, body } = await caller.json(`/v1/usage?${query}`);
    expect(status).toBe(400);
    expect(errorSchema.parse(body).error.param).toBe(param);
  });
});
