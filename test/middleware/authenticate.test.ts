// The middleware that lets keys through, alone on a small application.
import { Hono } from "hono";
import { expect, it } from "vitest";
import { authenticate } from "../../src/middleware/authenticate.ts";
import type { AppEnvironment } from "../../src/middleware/app-services.ts";
import { writeProblem } from "../../src/middleware/write-problem.ts";
import type { Scope } from "../../src/access/key.ts";
import { ADMIN_KEY, createGateway } from "../setup/gateway.ts";
import { makeKey } from "../setup/keys.ts";

const gateway = createGateway();
const { services } = gateway;

async function ask(scope: Scope, headers: Record<string, string>): Promise<{ status: number; reached: string[] }> {
  const reached: string[] = [];
  const app = new Hono<AppEnvironment>()
    .use(async (context, next) => {
      context.set("services", services);
      await next();
    })
    .use(authenticate(scope))
    .get("/", (context) => {
      reached.push(context.var.key.id);
      return context.body(null, 204);
    })
    .onError(writeProblem);
  const { status } = await app.request("/", { headers });
  return { status, reached };
}

it("gives the handler the key", async () => {
  const headers = { authorization: `Bearer ${ADMIN_KEY}` };
  await expect(ask("release", headers)).resolves.toEqual({ status: 204, reached: ["key_root"] });
});

it.each([
  ["no key", 401, async () => await Promise.resolve({})],
  ["a wrong key", 401, async () => await Promise.resolve({ authorization: "Bearer sbk_invented" })],
  ["a key of another scope", 403, async () => ({ authorization: `Bearer ${(await makeKey(gateway, "review")).key}` })],
])("never reaches the handler with %s", async (_name, status, headers) => {
  await expect(ask("chat", await headers())).resolves.toEqual({ status, reached: [] });
});
