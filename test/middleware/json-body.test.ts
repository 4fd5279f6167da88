// What a body must be before a route reads it, alone on a small application.
import { Hono } from "hono";
import { describe, expect, it } from "vitest";
import type { AppEnvironment } from "../../src/middleware/app-services.ts";
import { jsonBody } from "../../src/middleware/json-body.ts";
import { writeProblem } from "../../src/middleware/write-problem.ts";
import { createGateway } from "../setup/gateway.ts";

const MAX = 1024;
const { services } = createGateway({ env: { SETBACK_MAX_BODY_BYTES: String(MAX) } });
const app = new Hono<AppEnvironment>()
  .use(async (context, next) => {
    context.set("services", services);
    await next();
  })
  .use(jsonBody)
  .all("/", async (context) => context.text(String((await context.req.text()).length)))
  .onError(writeProblem);

const JSON_TYPE = { "content-type": "application/json" };
const post = async (body: BodyInit, headers: Record<string, string> = JSON_TYPE): Promise<Response> =>
  await app.request("/", { method: "POST", body, headers });

/** A body in pieces, whose length nobody knows before its end. */
function inPieces(bytes: number): ReadableStream {
  let sent = 0;
  return new ReadableStream({
    pull: (controller) => {
      if (sent >= bytes) controller.close();
      else controller.enqueue(new Uint8Array(Math.min(100, bytes - sent)));
      sent += 100;
    },
  });
}

describe("the cap", () => {
  it.each<[string, BodyInit, Record<string, string>, number]>([
    ["exactly the cap", "x".repeat(MAX), {}, 200],
    ["one byte more", "x".repeat(MAX + 1), {}, 413],
    ["characters of several bytes", "é".repeat(MAX / 2 + 1), {}, 413],
    ["exactly the cap in pieces", inPieces(MAX), {}, 200],
    ["one byte more in pieces", inPieces(MAX + 1), {}, 413],
    ["a length that says too much", "{}", { "content-length": "9999999" }, 413],
    [
      "a length beside pieces that says too little",
      inPieces(MAX + 1),
      { "content-length": "2", "transfer-encoding": "chunked" },
      413,
    ],
  ])("%s", async (_name, body, headers, status) => {
    const reply = await post(body, { ...JSON_TYPE, ...headers });
    expect(reply.status).toBe(status);
    if (status === 413) await expect(reply.json()).resolves.toMatchObject({ error: { code: "body_too_large" } });
  });
});

describe("the type", () => {
  it.each([
    ["application/json", 200],
    ["application/json;charset=utf-8", 200],
    ["APPLICATION/JSON", 200],
    ["application/problem+json", 200],
    ["application/jsonp", 415],
    ["application/json-seq", 415],
    ["text/json", 415],
    ["text/plain, application/json", 415],
    ["", 415],
  ])("%j is %i", async (type, status) => {
    expect((await post("{}", { "content-type": type })).status).toBe(status);
  });

  it.each(["GET", "DELETE"])("is not asked of %s, which has no body", async (method) => {
    expect((await app.request("/", { method })).status).toBe(200);
  });
});
