// /health about what waits: releases that nobody collects, spooled mistakes, dead letters, and a database that is down.
import { env } from "cloudflare:workers";
import { expect, it } from "vitest";
import { createGateway } from "../setup/gateway.ts";
import { newProjectId, releaseOf } from "../fixtures/records.ts";

const WEEK = 7 * 24 * 60 * 60 * 1000;
const health = async (gateway = createGateway()): Promise<unknown> =>
  await (await gateway.ask("/health", { key: null })).json();

it("warns of a release that nobody has collected for two periods, until it is collected", async () => {
  const { releases } = createGateway().services;
  const project = newProjectId();
  const waiting = { status: "ready", counts: { analysis: 1, normal: 3 } } as const;
  const old = releaseOf(project, { ...waiting, createdAt: Date.now() - 2 * WEEK - 60_000 });
  expect(await health()).toMatchObject({ status: "ok", uncollected_releases: 0, warnings: [] });
  await releases.insert(releaseOf(project, { ...waiting, createdAt: Date.now() - 2 * WEEK + 60_000 }));
  expect(await health()).toMatchObject({ status: "ok", uncollected_releases: 0 });
  await releases.insert(old);
  expect(await health()).toMatchObject({
    status: "degraded",
    uncollected_releases: 1,
    warnings: [expect.stringContaining("train.jsonl")],
  });
  await releases.markCollected(project, old.id, Date.now());
  expect(await health()).toMatchObject({ status: "ok", uncollected_releases: 0 });
});

it.each([
  ["spool/mis_1.json", { spooled: 1, dead_letters: 0 }],
  ["dead-letters/setback-captures/1.json", { spooled: 0, dead_letters: 1 }],
])("warns of %s", async (key, counts) => {
  await env.OBJECTS.put(key, "{}");
  expect(await health()).toMatchObject({ status: "degraded", ...counts, warnings: [expect.any(String)] });
  await env.OBJECTS.delete(key);
  expect(await health()).toMatchObject({ status: "ok", warnings: [] });
});

const filled = (full: number) =>
  createGateway({
    change: (services) => ({ ...services, gauge: { fullShare: async () => await Promise.resolve(full) } }),
  });

it.each([
  [0, 0],
  [0.799, 80],
])("is content with a database at %d of its limit", async (full, percent) => {
  expect(await health(filled(full))).toMatchObject({ status: "ok", database_percent: percent, warnings: [] });
});

it.each([0.8, 0.899, 0.9, 1.1])("warns of a database at %d of its limit, and says where texts go", async (full) => {
  const reply = await filled(full).ask("/health", { key: null });
  expect(reply.status).toBe(200);
  const body: unknown = await reply.json();
  const warning: unknown = expect.stringContaining(`${Math.floor(full * 100)} % full`);
  expect(body).toMatchObject({ status: "degraded", database: "ok", warnings: [warning] });
  expect(JSON.stringify(body).includes("object store")).toBe(full >= 0.9);
});
