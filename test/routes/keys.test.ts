// /v1/keys and /v1/projects on real D1: made, listed, used, revoked; never beyond the caller's project.
import { env } from "cloudflare:workers";
import { describe, expect, it } from "vitest";
import { z } from "zod";
import { sha256 } from "../../src/lib/hash.ts";
import { createGateway } from "../setup/gateway.ts";
import { makeKey } from "../setup/keys.ts";
import { problemOf } from "../setup/problem.ts";

const listSchema = z.strictObject({
  object: z.literal("list"),
  data: z.array(z.looseObject({ id: z.string(), project_id: z.string() })),
  has_more: z.literal(false),
  next_cursor: z.null(),
});
const idSchema = z.looseObject({ id: z.string() });

const SHOP = { name: "shop", scopes: ["chat"] };

const gateway = createGateway();

async function listed(key?: string): Promise<z.infer<typeof listSchema>["data"]> {
  const reply = await gateway.ask("/v1/keys", key === undefined ? {} : { key });
  return listSchema.parse(await reply.json()).data;
}

async function otherProject(): Promise<{ id: string; admin: string }> {
  const { id } = idSchema.parse(await (await gateway.ask("/v1/projects", { body: { name: "other" } })).json());
  const made = await gateway.ask("/v1/keys", { body: { name: "admin", scopes: ["admin"], project_id: id } });
  return { id, admin: z.looseObject({ key: z.string() }).parse(await made.json()).key };
}

describe("a key", () => {
  it("is in the reply that made it, this once", async () => {
    const reply = await gateway.ask("/v1/keys", { body: { name: "shop", scopes: ["chat", "feedback"] } });
    expect(reply.status).toBe(201);
    const made = z.looseObject({ id: z.string(), key: z.string() }).parse(await reply.json());
    expect(made).toMatchObject({
      object: "key",
      name: "shop",
      scopes: ["chat", "feedback"],
      project_id: "prj_default",
    });
    expect(made.id).toMatch(/^key_/);
    expect(made.key).toMatch(/^sbk_[\w-]{43}$/);
    const { key: _key, ...rest } = made;
    expect((await listed()).find(({ id }) => id === made.id)).toEqual(rest);
  });

  it.each([
    [undefined, { requests_per_minute: null, tokens_per_day: null, dollars_per_day: null }],
    [{ tokens_per_day: 5 }, { requests_per_minute: null, tokens_per_day: 5, dollars_per_day: null }],
    [
      { requests_per_minute: 30, tokens_per_day: 9, dollars_per_day: 0.29 },
      { requests_per_minute: 30, tokens_per_day: 9, dollars_per_day: 0.29 },
    ],
  ])("shows the limits %j that it was made with", async (limits, shown) => {
    const reply = await gateway.ask("/v1/keys", { body: { ...SHOP, ...(limits === undefined ? {} : { limits }) } });
    expect(reply.status).toBe(201);
    const made = idSchema.parse(await reply.json());
    expect(made).toMatchObject({ limits: shown });
    expect((await listed()).find(({ id }) => id === made.id)).toMatchObject({ limits: shown });
  });

  it("shows the gateway's limits where it has none of its own", async () => {
    const strict = createGateway({ env: { SETBACK_REQUESTS_PER_MINUTE: "300", SETBACK_DOLLARS_PER_DAY: "2" } });
    const reply = await strict.ask("/v1/keys", { body: { ...SHOP, limits: { dollars_per_day: 1 } } });
    expect(await reply.json()).toMatchObject({
      limits: { requests_per_minute: 300, tokens_per_day: null, dollars_per_day: 1 },
    });
  });

  it("is stored as its SHA-256, nowhere as itself", async () => {
    const { id, key } = await makeKey(gateway, "chat");
    const row = await env.DB.prepare("select * from keys where id = ?").bind(id).first();
    expect(JSON.stringify(row)).not.toContain(key);
    expect(JSON.stringify(row)).toContain(await sha256(key));
  });

  it("works at once, and no more once it is revoked", async () => {
    const { id, key } = await makeKey(gateway, "admin");
    expect((await gateway.ask("/v1/keys", { key })).status).toBe(200);
    const revoked = await gateway.ask(`/v1/keys/${id}`, { method: "DELETE" });
    await expect(revoked.json()).resolves.toEqual({ id, object: "key", deleted: true });
    const reply = await gateway.ask("/v1/keys", { key });
    expect(reply.status).toBe(401);
    expect((await problemOf(reply)).code).toBe("invalid_key");
    expect((await listed()).map((each) => each.id)).not.toContain(id);
  });

  it.each(["key_unknown", "key_root"])("%s is 404 to revoke", async (id) => {
    const reply = await gateway.ask(`/v1/keys/${id}`, { method: "DELETE" });
    expect(reply.status).toBe(404);
    expect((await problemOf(reply)).code).toBe("not_found");
  });

  it("is 404 to revoke twice", async () => {
    const { id } = await makeKey(gateway, "chat");
    await gateway.ask(`/v1/keys/${id}`, { method: "DELETE" });
    expect((await gateway.ask(`/v1/keys/${id}`, { method: "DELETE" })).status).toBe(404);
  });

  it.each([
    ["no name", { scopes: ["chat"] }, "name"],
    ["no scopes", { name: "shop" }, "scopes"],
    ["an unknown scope", { name: "shop", scopes: ["root"] }, "scopes[0]"],
    ["an unknown key", { name: "shop", scopes: ["chat"], key: "sbk_mine" }, null],
    ["malformed JSON", "{", null],
    ["a rate that no binding counts", { ...SHOP, limits: { requests_per_minute: 60 } }, "limits.requests_per_minute"],
    ["no tokens at all", { ...SHOP, limits: { tokens_per_day: 0 } }, "limits.tokens_per_day"],
    ["money below nothing", { ...SHOP, limits: { dollars_per_day: -1 } }, "limits.dollars_per_day"],
    ["an unknown limit", { ...SHOP, limits: { tokens_per_week: 1 } }, "limits"],
  ])("is not made of %s", async (_name, body, param) => {
    const before = (await listed()).length;
    const reply = await gateway.ask("/v1/keys", { body });
    expect(reply.status).toBe(400);
    expect((await problemOf(reply)).param).toBe(param);
    expect(await listed()).toHaveLength(before);
  });
});

describe("a project", () => {
  it("has its own keys: neither listed nor revoked from another", async () => {
    const other = await otherProject();
    const { id } = await makeKey(gateway, "chat");
    expect((await listed(other.admin)).every(({ project_id: project }) => project === other.id)).toBe(true);
    expect((await gateway.ask(`/v1/keys/${id}`, { method: "DELETE", key: other.admin })).status).toBe(404);
    expect((await listed()).map((each) => each.id)).toContain(id);
    expect((await listed()).every(({ project_id: project }) => project === "prj_default")).toBe(true);
  });

  it("gets keys from outside by the operator's own key alone", async () => {
    const other = await otherProject();
    const { key: admin } = await makeKey(gateway, "admin");
    const body = { name: "shop", scopes: ["chat"], project_id: other.id };
    const reply = await gateway.ask("/v1/keys", { body, key: admin });
    expect(reply.status).toBe(403);
    expect((await problemOf(reply)).code).toBe("operator_only");
    expect((await gateway.ask("/v1/keys", { body: { ...body, project_id: "prj_none" } })).status).toBe(404);
  });

  it("is made by the operator's own key alone", async () => {
    const { key } = await makeKey(gateway, "admin");
    const reply = await gateway.ask("/v1/projects", { body: { name: "mine" }, key });
    expect(reply.status).toBe(403);
    expect((await problemOf(reply)).code).toBe("operator_only");
    const made = await gateway.ask("/v1/projects", { body: { name: " two " } });
    expect(made.status).toBe(201);
    expect(await made.json()).toMatchObject({ object: "project", name: "two" });
  });
});
