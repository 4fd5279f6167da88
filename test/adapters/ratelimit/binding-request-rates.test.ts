// Request rates on the real bindings of wrangler.toml: there is one for each rate, and each counts by itself.
import { env } from "cloudflare:workers";
import { expect, it } from "vitest";
import { BindingRequestRates } from "../../../src/adapters/ratelimit/binding-request-rates.ts";
import { REQUEST_RATES } from "../../../src/wire/key-limits.ts";

const rates = new BindingRequestRates(env);

/** Away from a minute's end, where the counters begin anew. */
async function awayFromMinutesEnd(): Promise<void> {
  const left = 60_000 - (Date.now() % 60_000);
  if (left < 8_000) await scheduler.wait(left + 100);
}

it.each([10, 30])("allows %d requests of a key a minute, and no more", { timeout: 20_000 }, async (rate) => {
  await awayFromMinutesEnd();
  const keyId = crypto.randomUUID();
  const allowed: boolean[] = [];
  for (let request = 0; request < rate + 3; request += 1) allowed.push(await rates.allow(keyId, rate));
  expect(allowed.filter(Boolean)).toHaveLength(rate);
  expect(allowed.lastIndexOf(true)).toBe(rate - 1);
  expect(await rates.allow(crypto.randomUUID(), rate)).toBe(true);
});

it("has a binding for every rate that a key can have", async () => {
  for (const rate of REQUEST_RATES) expect(await rates.allow(crypto.randomUUID(), rate)).toBe(true);
});

it("throws for a rate that nobody counts", async () => {
  await expect(rates.allow("key_1", 11)).rejects.toThrow("RATE_LIMIT_11");
});
