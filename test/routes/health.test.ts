// GET /health on real D1 and R2: fine, worth a look, or down; and what it must not do.
import { env } from "cloudflare:workers";
import { afterEach, describe, expect, it } from "vitest";
import { z } from "zod";
import { createGateway, type GatewayOptions } from "../setup/gateway.ts";

const healthSchema = z.strictObject({
  status: z.enum(["ok", "degraded"]),
  database: z.enum(["ok", "error"]),
  uncollected_releases: z.int().nullable(),
  spooled: z.int().nullable(),
  dead_letters: z.int().nullable(),
  database_percent: z.int().nullable(),
  warnings: z.array(z.string()),
});

async function health(options: GatewayOptions = {}): Promise<[number, z.infer<typeof healthSchema>]> {
  const reply = await createGateway(options).ask("/health", { key: null });
  return [reply.status, healthSchema.parse(await reply.json())];
}

describe("/health", () => {
  afterEach(async () => {
    await env.OBJECTS.delete(["spool/one.json", "dead-letters/one.json"]);
  });

  it("is ok on an empty system", async () => {
    await expect(health()).resolves.toEqual([
      200,
      {
        status: "ok",
        database: "ok",
        uncollected_releases: 0,
        spooled: 0,
        dead_letters: 0,
        database_percent: 0,
        warnings: [],
      },
    ]);
  });

  it.each([
    ["spool/one.json", { spooled: 1 }],
    ["dead-letters/one.json", { dead_letters: 1 }],
  ])("tells of %s, and works on", async (key, counts) => {
    await env.OBJECTS.put(key, "the words of a user");
    const [status, body] = await health();
    expect(status).toBe(200);
    expect(body).toMatchObject({ status: "degraded", ...counts });
    expect(body.warnings).toHaveLength(1);
    expect(JSON.stringify(body)).not.toContain("the words");
  });

  it("asks for releases that wait for two intervals", async () => {
    const asked: number[] = [];
    const [, body] = await health({
      env: { SETBACK_RELEASE_INTERVAL_SECONDS: "100" },
      change: (services) => ({
        ...services,
        clock: () => 1_000_000,
        releases: {
          ...services.releases,
          countUncollected: async (before) => await Promise.resolve(asked.push(before)),
        },
      }),
    });
    expect(asked).toEqual([800_000]);
    expect(body).toMatchObject({ status: "degraded", uncollected_releases: 1 });
  });

  it("is 503 where the database can't be reached, and does not say why", async () => {
    const [status, body] = await health({
      change: (services) => ({
        ...services,
        logger: { info: () => undefined, error: () => undefined },
        releases: {
          ...services.releases,
          countUncollected: async () => await Promise.reject(new Error("inner words")),
        },
      }),
    });
    expect(status).toBe(503);
    expect(body).toMatchObject({ status: "degraded", database: "error", spooled: null });
    expect(JSON.stringify(body)).not.toContain("inner words");
  });

  it("asks no model, so that it can be asked often", async () => {
    const gateway = createGateway();
    await gateway.ask("/health", { key: null });
    expect(gateway.upstream.headers).toEqual([]);
  });
});
