// Upstreams over HTTP: who may choose them, what is shown of them, and which server a project's chat then reaches.
import { env } from "cloudflare:workers";
import { describe, expect, it } from "vitest";
import { z } from "zod";
import { createGateway, type Gateway, type GatewayOptions } from "../setup/gateway.ts";
import { makeKey } from "../setup/keys.ts";
import { problemOf } from "../setup/problem.ts";
import { completionOf } from "../setup/upstream.ts";
import { anyNumber, errorSchema, idOf, listSchema } from "./fixtures.ts";

const KEY = "sk-of-the-upstream-one";
const BODY = { name: "one", url: "https://one.test/v1/" };
const upstreamSchema = z.looseObject({ id: z.string(), project_id: z.string() });

/** A network in which every host answers with its name, but those that are down. */
function network(...down: readonly string[]): { readonly sent: Request[]; readonly fetch: typeof fetch } {
  const sent: Request[] = [];
  return {
    sent,
    fetch: async (input, init) => {
      const request = new Request(input, init);
      sent.push(request);
      const { hostname } = new URL(request.url);
      if (down.includes(hostname)) return Response.json({ error: { message: "down" } }, { status: 503 });
      return await Promise.resolve(Response.json(completionOf({ content: `This is ${hostname}.` })));
    },
  };
}

function open(options: GatewayOptions = {}, net = network()): Gateway & { readonly sent: Request[] } {
  const upstream = { requests: [], headers: [], fetch: net.fetch };
  const bindings = { SETBACK_ENCRYPTION_KEY: "an encryption key of this test", ...options.env };
  return { ...createGateway({ upstream, ...options, env: bindings }), sent: net.sent };
}

interface Project {
  readonly id: string;
  readonly key: string;
}

async function newProject(gateway: Gateway, scope = "admin"): Promise<Project> {
  const made = await gateway.ask("/v1/projects", { body: { name: "a project" } });
  const { id } = z.looseObject({ id: z.string() }).parse(await made.json());
  const key = await gateway.ask("/v1/keys", { body: { name: "k", scopes: [scope], project_id: id } });
  return { id, key: z.looseObject({ key: z.string() }).parse(await key.json()).key };
}

async function add(gateway: Gateway, projectId: string, more: object = {}): Promise<z.infer<typeof upstreamSchema>> {
  const reply = await gateway.ask("/v1/upstreams", { body: { ...BODY, project_id: projectId, ...more } });
  expect(reply.status).toBe(201);
  return upstreamSchema.parse(await reply.json());
}

async function says(gateway: Gateway, { key }: Project, model = "m"): Promise<string> {
  const reply = await gateway.chat({ model, messages: [{ role: "user", content: "Hi" }] }, { key });
  const body: unknown = await reply.json();
  if (!reply.ok) return errorSchema.parse(body).error.code;
  const schema = z.looseObject({
    choices: z.tuple([z.looseObject({ message: z.looseObject({ content: z.string() }) })]),
  });
  return schema.parse(body).choices[0].message.content;
}

describe("an upstream", () => {
  it("is shown with every default, and without its key", async () => {
    const gateway = open();
    const { id } = await newProject(gateway);
    const made = await add(gateway, id, { key: KEY, models: { fast: "small-1" } });
    expect(made).toEqual({
      id: idOf("ups"),
      object: "upstream",
      project_id: id,
      purpose: "chat",
      name: "one",
      url: "https://one.test/v1",
      models: { fast: "small-1" },
      priority: 100,
      timeout_ms: 120_000,
      attempt_timeout_ms: 120_000,
      idle_timeout_ms: 60_000,
      attempts: 2,
      has_key: true,
      secret: null,
      created_at: anyNumber,
    });
    const listed = await gateway.ask(`/v1/upstreams?project_id=${id}`);
    expect(listSchema.parse(await listed.json()).data).toEqual([made]);
    const row = await env.DB.prepare("select * from upstreams where id = ?").bind(made.id).first();
    expect(JSON.stringify(row)).not.toContain(KEY);
  });

  it.each([
    ["no address", { url: undefined }, "url"],
    ["an address with credentials", { url: "https://user:word@one.test" }, "url"],
    ["another scheme", { url: "ftp://one.test" }, "url"],
    ["another secret of the Worker", { secret: "SETBACK_ADMIN_KEY" }, "secret"],
    ["another variable", { secret: "SETBACK_UPSTREAM_KEY" }, "secret"],
    ["two credentials", { key: KEY, secret: "SETBACK_UPSTREAM_KEY_ONE" }, "key"],
    ["a key that breaks its header", { key: "a\r\nx-evil: 1" }, "key"],
    ["a map to nothing", { models: { a: "" } }, "models.a"],
    ["a field that nobody knows", { header: "x" }, null],
    ["no time at all", { timeout_ms: 0 }, "timeout_ms"],
    ["a hundred attempts", { attempts: 100 }, "attempts"],
  ])("is not made of %s", async (_name, change, param) => {
    const reply = await open().ask("/v1/upstreams", { body: { ...BODY, ...change } });
    expect(reply.status).toBe(400);
    expect((await problemOf(reply)).param).toBe(param);
  });

  it("keeps no key without an encryption key, and says what to set", async () => {
    const gateway = open({ env: { SETBACK_ENCRYPTION_KEY: "" } });
    const reply = await gateway.ask("/v1/upstreams", { body: { ...BODY, key: KEY } });
    expect(reply.status).toBe(400);
    const problem = await problemOf(reply);
    expect(problem.code).toBe("encryption_key_missing");
    expect(problem.message).toContain("SETBACK_ENCRYPTION_KEY");
  });

  it("is one of ten at most, in a project that is there", async () => {
    const gateway = open();
    const { id } = await newProject(gateway);
    for (let count = 0; count < 10; count += 1) await add(gateway, id);
    const body = { ...BODY, project_id: id };
    expect((await gateway.ask("/v1/upstreams", { body })).status).toBe(409);
    expect((await gateway.ask("/v1/upstreams", { body: { ...BODY, project_id: "prj_none" } })).status).toBe(404);
  });

  it("changes in what is given, and keeps the rest", async () => {
    const gateway = open({ env: { SETBACK_UPSTREAM_KEY_ONE: "the secret's value" } });
    const { id } = await newProject(gateway);
    const made = await add(gateway, id, { key: KEY, priority: 5 });
    const path = `/v1/upstreams/${made.id}?project_id=${id}`;
    const change = async (body: object): Promise<unknown> =>
      await (await gateway.ask(path, { method: "PATCH", body })).json();
    expect(await change({})).toEqual(made);
    expect(await change({ name: "two", models: { a: "b" }, idle_timeout_ms: 70 })).toEqual({
      ...made,
      name: "two",
      models: { a: "b" },
      idle_timeout_ms: 70,
    });
    expect(await change({ secret: "SETBACK_UPSTREAM_KEY_ONE" })).toMatchObject({
      has_key: false,
      secret: "SETBACK_UPSTREAM_KEY_ONE",
    });
    expect(await change({ key: null })).toMatchObject({ has_key: false, secret: null });
    expect((await gateway.ask("/v1/upstreams/ups_1", { method: "PATCH", body: {} })).status).toBe(404);
    expect((await gateway.ask(path, { method: "PATCH", body: { url: "x" } })).status).toBe(400);
    expect((await gateway.ask(path, { method: "PATCH", body: "{" })).status).toBe(400);
  });

  it("is removed once", async () => {
    const gateway = open();
    const { id } = await newProject(gateway);
    const made = await add(gateway, id);
    const path = `/v1/upstreams/${made.id}?project_id=${id}`;
    const reply = await gateway.ask(path, { method: "DELETE" });
    expect(await reply.json()).toEqual({ id: made.id, object: "upstream", deleted: true });
    expect((await gateway.ask(path, { method: "DELETE" })).status).toBe(404);
  });
});

describe("who may", () => {
  it("choose: the operator alone, since an address receives the texts and the credentials", async () => {
    const gateway = open();
    const { id, key } = await newProject(gateway);
    const made = await add(gateway, id);
    const { key: defaultAdmin } = await makeKey(gateway, "admin");
    for (const caller of [key, defaultAdmin]) {
      for (const [path, asked] of [
        ["/v1/upstreams", { body: BODY }],
        [`/v1/upstreams/${made.id}`, { method: "PATCH", body: { url: "https://evil.test" } }],
        [`/v1/upstreams/${made.id}`, { method: "DELETE" }],
      ] as const) {
        const reply = await gateway.ask(path, { ...asked, key: caller });
        expect(reply.status).toBe(403);
        expect((await problemOf(reply)).code).toBe("operator_only");
      }
    }
  });

  it("look: a project's admin at its own", async () => {
    const gateway = open();
    const [mine, other] = [await newProject(gateway), await newProject(gateway)];
    const made = await add(gateway, mine.id);
    const listed = async (key: string): Promise<readonly unknown[]> =>
      listSchema.parse(await (await gateway.ask("/v1/upstreams", { key })).json()).data;
    expect(await listed(mine.key)).toEqual([made]);
    expect(await listed(other.key)).toEqual([]);
    expect((await gateway.ask(`/v1/upstreams?project_id=${mine.id}`, { key: other.key })).status).toBe(403);
    expect((await gateway.ask("/v1/upstreams?project_id=prj_none")).status).toBe(404);
  });
});

describe("a project's chat", () => {
  it("reaches its own upstream with its own key, at once; others stay with the default", async () => {
    const gateway = open();
    const [mine, other] = [await newProject(gateway, "chat"), await newProject(gateway, "chat")];
    expect(await says(gateway, mine)).toBe("This is upstream.test.");
    await add(gateway, mine.id, { key: KEY, models: { m: "small-1" } });
    expect(await says(gateway, mine)).toBe("This is one.test.");
    const last = gateway.sent.at(-1);
    expect(last?.url).toBe("https://one.test/v1/chat/completions");
    expect(last?.headers.get("authorization")).toBe(`Bearer ${KEY}`);
    expect(await last?.json()).toMatchObject({ model: "small-1" });
    expect(await says(gateway, other)).toBe("This is upstream.test.");
    expect(await says(gateway, mine, "unmapped")).toBe("model_not_found");
  });

  it("carries the Worker's secret that is named, and reaches nobody where it is not set", async () => {
    const gateway = open({ env: { SETBACK_UPSTREAM_KEY_ONE: "the secret's value" } });
    const project = await newProject(gateway, "chat");
    await add(gateway, project.id, { secret: "SETBACK_UPSTREAM_KEY_ONE" });
    await says(gateway, project);
    expect(gateway.sent.at(-1)?.headers.get("authorization")).toBe("Bearer the secret's value");
    const locked = await newProject(gateway, "chat");
    await add(gateway, locked.id, { secret: "SETBACK_UPSTREAM_KEY_TWO" });
    const before = gateway.sent.length;
    expect(await says(gateway, locked)).toBe("upstream_credentials_unreadable");
    expect(gateway.sent).toHaveLength(before);
  });

  it("falls back to the next upstream, and never to the default", async () => {
    const gateway = open({}, network("one.test"));
    const project = await newProject(gateway, "chat");
    await add(gateway, project.id, { priority: 1, attempts: 1 });
    expect(await says(gateway, project)).toBe("upstream_error");
    await add(gateway, project.id, { priority: 2, url: "https://two.test/v1" });
    expect(await says(gateway, project)).toBe("This is two.test.");
    expect(gateway.sent.map(({ url }) => new URL(url).hostname)).toEqual(["one.test", "one.test", "two.test"]);
  });

  it("lists the names of its own map", async () => {
    const gateway = open();
    const project = await newProject(gateway, "chat");
    await add(gateway, project.id, { models: { fast: "small-1", good: "large-1" } });
    const reply = await gateway.ask("/v1/models", { key: project.key });
    expect(await reply.json()).toMatchObject({ data: [{ id: "fast" }, { id: "good" }] });
  });
});
