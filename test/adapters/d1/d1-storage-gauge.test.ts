// How full real D1 says it is and how long an answer is believed.
import { env } from "cloudflare:workers";
import { expect, it } from "vitest";
import { D1StorageGauge } from "../../../src/adapters/d1/d1-storage-gauge.ts";

const sizeNow = async (): Promise<number> => (await env.DB.prepare("SELECT 1").run()).meta.size_after;

/** D1 as it is, counting how often it is asked; silent while `isDown`. */
function counted() {
  const asked = { times: 0, isDown: false };
  const binding = new Proxy(env.DB, {
    get: (whole, name): unknown => {
      if (name !== "prepare") return Reflect.get(whole, name);
      asked.times += 1;
      if (asked.isDown) throw new Error("no answer");
      return whole.prepare.bind(whole);
    },
  });
  return { asked, binding };
}

it("is the database's own size as a share of the limit", async () => {
  const bytes = await sizeNow();
  expect(bytes).toBeGreaterThan(0);
  const clock = () => 0;
  expect(await new D1StorageGauge(env.DB, bytes * 4, clock).fullShare()).toBe(0.25);
  expect(await new D1StorageGauge(env.DB, bytes, clock).fullShare()).toBe(1);
});

it("asks once a minute", async () => {
  let now = 0;
  const { asked, binding } = counted();
  const gauge = new D1StorageGauge(binding, 1_000_000_000, () => now);
  const first = await gauge.fullShare();
  now = 59_999;
  expect(await gauge.fullShare()).toBe(first);
  expect(asked.times).toBe(1);
  now = 60_000;
  await gauge.fullShare();
  expect(asked.times).toBe(2);
});

it("fails where the database can't be asked, and never calls it empty", async () => {
  const { asked, binding } = counted();
  const gauge = new D1StorageGauge(binding, 1_000_000_000, () => 0);
  asked.isDown = true;
  await expect(gauge.fullShare()).rejects.toThrow("no answer");
  asked.isDown = false;
  expect(await gauge.fullShare()).toBeGreaterThan(0);
});
