// Upstreams on the wire: what is filled in, and which secrets can be named.
import { expect, it } from "vitest";
import { UPSTREAM_SECRET_PATTERN, upstreamChangeSchema, upstreamRequestSchema } from "../../src/wire/upstream.ts";

it("fills in what is left out, and nothing in a change", () => {
  expect(upstreamRequestSchema.parse({ name: " one ", url: " https://one.test " })).toEqual({
    name: "one",
    purpose: "chat",
    url: "https://one.test/v1",
    models: {},
    priority: 100,
    timeout_ms: 120_000,
    idle_timeout_ms: 60_000,
    attempts: 2,
  });
  expect(upstreamChangeSchema.parse({})).toEqual({});
});

it("maps at most a hundred models", () => {
  const models = Object.fromEntries(Array.from({ length: 101 }, (_, index) => [`m${index}`, "x"]));
  expect(upstreamChangeSchema.safeParse({ models }).success).toBe(false);
});

it.each([
  ["SETBACK_UPSTREAM_KEY_OPENAI", true],
  ["SETBACK_UPSTREAM_KEY_2", true],
  ["SETBACK_UPSTREAM_KEY_", false],
  ["SETBACK_UPSTREAM_KEY", false],
  ["SETBACK_ADMIN_KEY", false],
  ["SETBACK_ENCRYPTION_KEY", false],
  ["XSETBACK_UPSTREAM_KEY_A", false],
  ["SETBACK_UPSTREAM_KEY_A\n", false],
])("lets %j be named: %s", (name, isAllowed) => {
  expect(UPSTREAM_SECRET_PATTERN.test(name)).toBe(isAllowed);
});
