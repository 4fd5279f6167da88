// Poison on its way through the whole gateway: what comes too often, and what comes again.
// The named checks here are what `npm run mutation` expects to go red.
import { describe, expect, it } from "vitest";
import { z } from "zod";
import { consumeCaptured } from "../../src/jobs/capture-consumer.ts";
import { DEFAULT_POLICY } from "../../src/policy/policy.ts";
import { mistakeWireSchema } from "../../src/wire/mistake.ts";
import { batchOf } from "../jobs/fixtures.ts";
import { newCaller, type Caller } from "../routes/fixtures.ts";

const { poisoning } = DEFAULT_POLICY;
const CAPPED = { poisoning: { ...poisoning, caps: { ...poisoning.caps, key: 1 } } };
const mistakeListSchema = z.object({ data: z.array(mistakeWireSchema) });

async function mistakesOf(caller: Caller): Promise<z.infer<typeof mistakeListSchema>["data"]> {
  return mistakeListSchema.parse((await caller.json("/v1/mistakes")).body).data;
}

describe("poison", () => {
  it("cap: what a key brings above its cap waits in quarantine, buys no analysis, and is released by a person alone", async () => {
    const caller = await newCaller({ policy: CAPPED });
    const within = await caller.makeMistake("Can I return my lamp?");
    const above = await caller.makeMistake("Where do the geese go in winter?");
    const [second, first] = await mistakesOf(caller);
    expect(first).toMatchObject({ id: within, quarantine: null, state: "analysed" });
    expect(second).toMatchObject({ id: above, quarantine: "cap", state: "captured", analyses: [] });
    const held = mistakeListSchema.parse((await caller.json("/v1/mistakes?quarantine=cap")).body).data;
    expect(held.map(({ id }) => id)).toEqual([above]);
    await caller.json(`/v1/mistakes/${above}/reviews`, { body: { decision: "confirm" } });
    await caller.gateway.drainAnalyses();
    expect((await mistakesOf(caller))[0]).toMatchObject({ quarantine: null, state: "confirmed", analyses: [{}] });
  });

  it("recurrence: the same mistake again is counted once, however often it is delivered", async () => {
    const caller = await newCaller();
    const first = await caller.makeMistake();
    const [model, messages] = ["stub-model", [{ role: "user", content: "Can I return my lamp?" }]];
    await caller.gateway.chat({ model, messages }, { key: caller.key });
    const queued = caller.gateway.captures.take();
    for (let delivery = 0; delivery < 3; delivery += 1) {
      await consumeCaptured(caller.gateway.services, batchOf("setback-captures", queued));
    }
    expect(await mistakesOf(caller)).toMatchObject([{ id: first, cluster: { size: 2 } }]);
    const { body } = await caller.json("/v1/clusters?order=largest");
    expect(body).toMatchObject({ data: [{ object: "cluster", size: 2 }], has_more: false });
  });
});
