// A database 200 ms away: a warm key's chat asks it nothing, so it costs nothing. Law: both gateways take turns in one run, so
// that whatever else the machine does meets both alike.
import { env } from "cloudflare:workers";
import { expect, it } from "vitest";
import { ObservedDatabase } from "../fakes/observed-database.ts";
import { createGateway, type Gateway } from "../setup/gateway.ts";
import { makeLimitedKey } from "../setup/keys.ts";

const HELLO = { model: "stub-model", messages: [{ role: "user", content: "Hello?" }] };
const FAR_MILLISECONDS = 200;
const ROUNDS = 60;
/** The aim is 5 ms; a machine that is busy with other things may jitter, and a call of the database is 200. */
const MOST_ADDED_MILLISECONDS = 20;

interface Side {
  readonly gateway: Gateway;
  readonly database: ObservedDatabase;
  readonly key: string;
}

/** A gateway whose key has every limit, and has been used. */
async function warm(delayMilliseconds: number): Promise<Side> {
  const database = new ObservedDatabase(env.DB);
  const gateway = createGateway({ env: { DB: database.binding } });
  const limits = { requests_per_minute: 3000, tokens_per_day: 1_000_000, dollars_per_day: 10 };
  const { key } = await makeLimitedKey(gateway, limits);
  database.delayMilliseconds = delayMilliseconds;
  const began = performance.now();
  await gateway.chat(HELLO, { key });
  if (delayMilliseconds > 0) expect(performance.now() - began).toBeGreaterThan(delayMilliseconds);
  database.calls = 0;
  return { gateway, database, key };
}

async function timed({ gateway, key }: Side): Promise<number> {
  const began = performance.now();
  const reply = await gateway.chat(HELLO, { key });
  await reply.arrayBuffer();
  expect(reply.status).toBe(200);
  return performance.now() - began;
}

function median(values: readonly number[]): number {
  return values.toSorted((left, right) => left - right)[Math.floor(values.length / 2)] ?? NaN;
}

it("adds nothing to a warm key's chat", { timeout: 30_000 }, async () => {
  const [near, far] = [await warm(0), await warm(FAR_MILLISECONDS)];
  const [nearTimes, farTimes]: [number[], number[]] = [[], []];
  for (let round = 0; round < ROUNDS; round += 1) {
    nearTimes.push(await timed(near));
    farTimes.push(await timed(far));
  }
  expect([near.database.calls, far.database.calls]).toEqual([0, 0]);
  const added = median(farTimes) - median(nearTimes);
  console.log(
    `p50 near ${median(nearTimes).toFixed(2)} ms, ${FAR_MILLISECONDS} ms away ${median(farTimes).toFixed(2)} ms: ${added.toFixed(2)} ms added`,
  );
  expect(added).toBeLessThan(MOST_ADDED_MILLISECONDS);
});
