// Every request gets an id, and every reply tells it.
import { Hono } from "hono";
import { expect, it } from "vitest";
import type { AppEnvironment } from "../../src/middleware/app-services.ts";
import { requestId } from "../../src/middleware/request-id.ts";
import { writeProblem } from "../../src/middleware/write-problem.ts";
import { createGateway } from "../setup/gateway.ts";

const { services } = createGateway();
const app = new Hono<AppEnvironment>()
  .use(async (context, next) => {
    context.set("services", services);
    await next();
  })
  .use(requestId)
  .get("/json", (context) => context.text(context.var.requestId))
  .get("/raw", () => new Response("raw", { headers: { "x-request-id": "another" } }))
  .get("/error", () => {
    throw new Error("broken");
  })
  .onError(writeProblem);

it.each(["/json", "/raw", "/error", "/nowhere"])("on %s", async (path) => {
  const id = (await app.request(path)).headers.get("x-request-id");
  expect(id).toMatch(/^req_[0-9a-z]{25}$/);
});

it("is the one that the handler knows", async () => {
  const reply = await app.request("/json", { headers: { "x-request-id": "mine" } });
  await expect(reply.text()).resolves.toBe(reply.headers.get("x-request-id"));
});
