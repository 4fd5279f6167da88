// GET /v1/models over real services.
import { expect, it } from "vitest";
import { createGateway } from "../setup/gateway.ts";
import { problemOf } from "../setup/problem.ts";
import { says, scriptedUpstream, type Upstream } from "../setup/upstream.ts";

const LISTED = { object: "list", data: [{ id: "stub-model", object: "model" }] };

it.each([
  ["what the upstream lists", {}, LISTED],
  ["the deployed model alone", { SETBACK_UPSTREAM_MODEL: "stub-model" }, LISTED],
  [
    "the deployed model, listed or not",
    { SETBACK_UPSTREAM_MODEL: "other" },
    { object: "list", data: [{ id: "other", object: "model" }] },
  ],
])("lists %s", async (_name, env, expected) => {
  const reply = await createGateway({ env }).ask("/v1/models");
  expect(reply.status).toBe(200);
  await expect(reply.json()).resolves.toEqual(expected);
});

it.each<[string, typeof fetch, number, string]>([
  ["unreachable", async () => await Promise.reject(new TypeError("refused")), 502, "upstream_unreachable"],
  ["no list", async () => await Promise.resolve(new Response("<html>")), 502, "upstream_invalid_response"],
  ["no such route", async () => await Promise.resolve(new Response("", { status: 404 })), 404, "upstream_error"],
])("is a clear error where the upstream is %s", async (_name, fetch, status, code) => {
  const upstream: Upstream = { ...scriptedUpstream(says("Hi")), fetch };
  const reply = await createGateway({ upstream }).ask("/v1/models");
  expect(reply.status).toBe(status);
  expect(reply.headers.get("x-should-retry")).toBe("false");
  expect((await problemOf(reply)).code).toBe(code);
});
