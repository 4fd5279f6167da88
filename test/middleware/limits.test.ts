// A key's limits on the way to the model: on the real rate limiting binding, real D1 and the real OpenAI client.
import { env } from "cloudflare:workers";
import OpenAI from "openai";
import { describe, expect, it } from "vitest";
import { z } from "zod";
import { ObservedDatabase } from "../fakes/observed-database.ts";
import { phraseGuardrail } from "../fakes/phrase-guardrail.ts";
import { withGuardrails } from "../setup/changes.ts";
import { createGateway, type Gateway } from "../setup/gateway.ts";
import { makeKey, makeLimitedKey } from "../setup/keys.ts";
import { problemOf } from "../setup/problem.ts";
import { says, scriptedUpstream } from "../setup/upstream.ts";

const HELLO = { model: "stub-model", messages: [{ role: "user", content: "Hello?" }] };
const outcomesSchema = z.looseObject({ outcomes: z.array(z.looseObject({ key_id: z.string() })) });
const USED = { projectId: "prj_default", purpose: "completion", model: "stub-model" } as const;

async function sums(gateway: Gateway, groupBy: string): Promise<unknown> {
  await gateway.drainUsage();
  return await (await gateway.ask(`/v1/usage?group_by=${groupBy}`)).json();
}

describe("a budget", () => {
  it("is 429 with x-should-retry: false once it is spent, and no model is asked", async () => {
    const gateway = createGateway();
    const { id, key } = await makeLimitedKey(gateway, { tokens_per_day: 100 });
    gateway.services.meter.record({ ...USED, keyId: id, promptTokens: 60, completionTokens: 39 });
    expect((await gateway.chat(HELLO, { key })).status).toBe(200);
    gateway.services.meter.record({ ...USED, keyId: id, purpose: "judge", promptTokens: 1, completionTokens: 0 });
    const refused = await gateway.chat(HELLO, { key });
    expect(refused.status).toBe(429);
    expect(refused.headers.get("x-should-retry")).toBe("false");
    expect(await problemOf(refused)).toMatchObject({ code: "insufficient_quota", budget: "tokens_per_day" });
    expect((await gateway.ask("/v1/moderations", { body: { input: "x" }, key })).status).toBe(429);
    expect(gateway.upstream.requests).toHaveLength(1);
  });

  it("counts what another isolate has spent, once it is stored", async () => {
    const [here, there] = [createGateway(), createGateway()];
    const { id, key } = await makeLimitedKey(here, { tokens_per_day: 100 });
    there.services.meter.record({ ...USED, keyId: id, promptTokens: 100, completionTokens: 0 });
    await there.drainUsage();
    expect((await here.chat(HELLO, { key })).status).toBe(429);
  });

  it("of money goes by the prices that the operator set", async () => {
    const gateway = createGateway({ env: { SETBACK_PRICES: '{"stub-model": {"input": 1000, "output": 2000}}' } });
    const { id, key } = await makeLimitedKey(gateway, { dollars_per_day: 0.004 });
    gateway.services.meter.record({ ...USED, keyId: id, promptTokens: 1, completionTokens: 1 });
    expect((await gateway.chat(HELLO, { key })).status).toBe(200);
    gateway.services.meter.record({ ...USED, keyId: id, promptTokens: 1, completionTokens: 0 });
    expect((await problemOf(await gateway.chat(HELLO, { key }))).message).toContain("dollars_per_day");
  });

  it("is the gateway's default for a key without one, and never the operator's own", async () => {
    const gateway = createGateway({ env: { SETBACK_TOKENS_PER_DAY: "5" } });
    const { id, key } = await makeKey(gateway, "chat");
    for (const keyId of [id, "key_root"]) {
      gateway.services.meter.record({ ...USED, keyId, promptTokens: 5, completionTokens: 0 });
    }
    expect((await gateway.chat(HELLO, { key })).status).toBe(429);
    expect((await gateway.chat(HELLO)).status).toBe(200);
  });

  it("is not kept while the database is away: the request passes, and that is counted", async () => {
    const database = new ObservedDatabase(env.DB);
    const gateway = createGateway({ env: { DB: database.binding } });
    const { key } = await makeLimitedKey(gateway, { tokens_per_day: 1 });
    // The key is known, and the project's policy from another key's request; this key's budget is not.
    await gateway.ask("/v1/models", { key });
    await gateway.chat(HELLO);
    database.down = true;
    expect((await gateway.chat(HELLO, { key })).status).toBe(200);
    database.down = false;
    expect(await sums(gateway, "day")).toMatchObject({
      outcomes: [{ outcome: "limits_unavailable" }, { outcome: "request" }, { outcome: "request_ended" }],
    });
  });

  it("is no reason for OpenAI's client to try again", async () => {
    const gateway = createGateway();
    const { id, key } = await makeLimitedKey(gateway, { tokens_per_day: 1 });
    gateway.services.meter.record({ ...USED, keyId: id, promptTokens: 5, completionTokens: 0 });
    let asked = 0;
    const client = new OpenAI({
      apiKey: key,
      baseURL: "http://gateway.test/v1",
      maxRetries: 2,
      fetch: async (input, init) => {
        asked += 1;
        const request = new Request(input, init);
        const headers = Object.fromEntries(request.headers);
        return await gateway.ask(new URL(request.url).pathname, { key, body: await request.text(), headers });
      },
    });
    const failed: unknown = await client.chat.completions
      .create({ model: "stub-model", messages: [{ role: "user", content: "Hello?" }] })
      .catch((caught: unknown) => caught);
    expect(failed).toBeInstanceOf(OpenAI.RateLimitError);
    expect(failed).toMatchObject({ status: 429, code: "insufficient_quota", type: "insufficient_quota" });
    expect(asked).toBe(1);
  });
});

describe("a request rate", () => {
  it("is 429 with Retry-After once it is reached, and no model is asked", { timeout: 20_000 }, async () => {
    const left = 60_000 - (Date.now() % 60_000);
    if (left < 8_000) await scheduler.wait(left + 100);
    const gateway = createGateway();
    const { key } = await makeLimitedKey(gateway, { requests_per_minute: 10 });
    for (let request = 0; request < 10; request += 1) expect((await gateway.chat(HELLO, { key })).status).toBe(200);
    const refused = await gateway.chat(HELLO, { key });
    expect(refused.status).toBe(429);
    expect(Number(refused.headers.get("retry-after"))).toBeGreaterThan(0);
    expect(await problemOf(refused)).toMatchObject({ type: "rate_limit_error", code: "rate_limit_exceeded" });
    expect(gateway.upstream.requests).toHaveLength(10);
  });
});

describe("outcomes", () => {
  it("are counted by minute and key: requests, and how they failed", async () => {
    const upstream = scriptedUpstream(says("Hello."), () => Response.json({ error: {} }, { status: 500 }));
    const change = withGuardrails(phraseGuardrail("open sesame", "custom:sesame", { sides: ["input"] }));
    const gateway = createGateway({ upstream, change, env: { SETBACK_UPSTREAM_ATTEMPTS: "1" } });
    const { id, key } = await makeKey(gateway, "chat");
    await gateway.chat(HELLO, { key });
    await gateway.chat(HELLO, { key });
    await gateway.chat({ ...HELLO, messages: [{ role: "user", content: "open sesame" }] }, { key });
    const { outcomes } = outcomesSchema.parse(await sums(gateway, "key"));
    expect(outcomes.filter(({ key_id: keyId }) => keyId === id)).toEqual([
      { key_id: id, outcome: "input_blocked", count: 1 },
      { key_id: id, outcome: "request", count: 3 },
      { key_id: id, outcome: "request_ended", count: 3 },
      { key_id: id, outcome: "upstream_error", count: 1 },
    ]);
  });
});
