// Policies over HTTP: versions, who goes by which, what is refused, what a header may, monitor, and what would change.
import { env } from "cloudflare:workers";
import { describe, expect, it } from "vitest";
import { z } from "zod";
import { ObservedDatabase } from "../fakes/observed-database.ts";
import { createGateway, type GatewayOptions } from "../setup/gateway.ts";
import { says, scriptedUpstream } from "../setup/upstream.ts";
import { anyNumber, type Caller, idOf, listSchema, newCaller } from "./fixtures.ts";

const RULE = { id: "refund", phrase: "full refund", message: "promises a refund" };
const ANSWER = "You get a full refund today.";
const HI = { model: "m", messages: [{ role: "user", content: "Can I return my lamp?" }] };

const choiceSchema = z.looseObject({
  choices: z.tuple([
    z.looseObject({
      finish_reason: z.string(),
      setback: z.looseObject({ action: z.string() }).optional(),
    }),
  ]),
});
const madeSchema = z.looseObject({ id: z.string() });
const faultsSchema = z.looseObject({
  error: z.looseObject({ param: z.string(), faults: z.array(z.looseObject({ path: z.string() })) }),
});

async function opened(options: GatewayOptions = {}): Promise<Caller> {
  return await newCaller({ upstream: scriptedUpstream(says(ANSWER)), change: (services) => services, ...options });
}

async function made(caller: Caller, given: object, activate = true): Promise<string> {
  const { status, body } = await caller.json("/v1/policies", { body: { name: "shop", activate, ...given } });
  expect(status, JSON.stringify(body)).toBe(201);
  return madeSchema.parse(body).id;
}

/** Vitest types its matchers as any. */
const resolved: unknown = expect.objectContaining({ guidance: "sandwich", store: true });

/** What became of the answer: `block`, `annotate`, or `none` where nothing was flagged; else the error's code. */
async function action(caller: Caller, header?: object, key = caller.key): Promise<string> {
  const headers = header === undefined ? {} : { "x-setback-policy": JSON.stringify(header) };
  const { status, body } = await caller.json("/v1/chat/completions", { body: HI, headers, key });
  if (status !== 200) return z.looseObject({ error: z.looseObject({ code: z.string() }) }).parse(body).error.code;
  return choiceSchema.parse(body).choices[0].setback?.action ?? "none";
}

describe("a policy", () => {
  it("is a version that never changes, gone by once it is activated, and left by activating another", async () => {
    const caller = await opened();
    expect(await action(caller)).toBe("none");
    const first = await made(caller, { operator_rules: [RULE] }, false);
    expect(await action(caller)).toBe("none");
    const { body } = await caller.json(`/v1/policies/${first}/activate`, { method: "POST" });
    expect(body).toMatchObject({ policy_id: first, previous_policy_id: null, key_id: null });
    expect(await action(caller)).toBe("block");
    const second = await made(caller, { canaries: ["a canary"] });
    expect(await action(caller)).toBe("none");
    await caller.json(`/v1/policies/${first}/activate`, { method: "POST" });
    expect(await action(caller)).toBe("block");
    const { body: listed } = await caller.json("/v1/policies");
    expect(listSchema.parse(listed).data).toMatchObject([
      { id: second, version: 2, active: false },
      { id: first, version: 1, active: true, given: { operator_rules: [RULE] }, policy: { version: first } },
    ]);
    await caller.json("/v1/policies/default/activate", { method: "POST" });
    expect(await action(caller)).toBe("none");
    expect((await caller.json(`/v1/policies/${first}`)).body).toEqual({
      ...{ id: idOf("pol"), object: "policy", project_id: caller.projectId, name: "shop", version: 1, active: false },
      ...{ active_key_ids: [], given: { operator_rules: [RULE] }, key_id: idOf("key"), created_at: anyNumber },
      policy: resolved,
    });
  });

  it("can be of one key", async () => {
    const caller = await opened();
    const other = z
      .looseObject({ id: z.string(), key: z.string() })
      .parse((await caller.json("/v1/keys", { body: { name: "k", scopes: ["chat"] } })).body);
    const id = await made(caller, { operator_rules: [RULE], key_id: other.id });
    expect([await action(caller), await action(caller, undefined, other.key)]).toEqual(["none", "block"]);
    expect((await caller.json(`/v1/policies/${id}`)).body).toMatchObject({ active: false, active_key_ids: [other.id] });
    const unknown = await caller.json(`/v1/policies/${id}/activate`, { body: { key_id: "key_none" } });
    expect(unknown.status).toBe(404);
  });

  it("stands with what it decided: a mistake keeps its id", async () => {
    const caller = await opened();
    const id = await made(caller, { operator_rules: [RULE] });
    await action(caller);
    await caller.gateway.drainCaptures();
    const { body } = await caller.json("/v1/mistakes");
    expect(listSchema.parse(body).data).toMatchObject([{ policy_version: id, action: "block" }]);
  });

  it("is refused whole, with every fault's path", async () => {
    const caller = await opened();
    const wrong = { guidence: "off", store: 1, operator_rules: [{ ...RULE, id: "Refund!" }] };
    const { status, body } = await caller.json("/v1/policies", { body: { name: "shop", ...wrong } });
    expect(status).toBe(400);
    const paths = faultsSchema.parse(body).error.faults.map(({ path }) => path);
    expect(paths.toSorted()).toEqual(["guidence", "operator_rules[0].id", "store"]);
    const expression = { operator_rules: [{ id: "a", expression: "(a)\\1", message: "m" }] };
    const linear = await caller.json("/v1/policies", { body: { name: "shop", ...expression } });
    expect(faultsSchema.parse(linear.body).error.param).toBe("operator_rules[0].expression");
    expect(listSchema.parse((await caller.json("/v1/policies")).body).data).toEqual([]);
  });

  it("is the project's own, and an admin's to make", async () => {
    const [caller, stranger] = [await opened(), await opened()];
    const id = await made(caller, {});
    expect((await stranger.json(`/v1/policies/${id}`)).status).toBe(404);
    expect((await stranger.json(`/v1/policies/${id}/activate`, { method: "POST" })).status).toBe(404);
    const asked = await stranger.json("/v1/policies", { body: { name: "a", project_id: caller.projectId } });
    expect(asked.status).toBe(403);
    const reader = await newCaller({ change: (services) => services }, ["review", "chat"]);
    expect((await reader.json("/v1/policies")).status).toBe(403);
    expect((await reader.json("/v1/monitor", { body: { monitor: true } })).status).toBe(403);
  });

  it("has a schema that names its keys", async () => {
    const { body } = await (await opened()).json("/v1/policies/schema");
    expect(body).toMatchObject({ type: "object", additionalProperties: false });
    const { properties } = z.looseObject({ properties: z.record(z.string(), z.unknown()) }).parse(body);
    expect(Object.keys(properties)).toEqual(expect.arrayContaining(["allow", "monitor", "operator_rules"]));
    expect(properties).not.toHaveProperty("version");
  });

  it("is asked of nobody once it is known, and the last known one holds while the database is down", async () => {
    const database = new ObservedDatabase(env.DB);
    const caller = await opened({ env: { DB: database.binding } });
    await made(caller, { operator_rules: [RULE] });
    expect(await action(caller)).toBe("block");
    database.calls = 0;
    expect(await action(caller)).toBe("block");
    expect(database.calls).toBe(0);
    database.down = true;
    expect(await action(caller)).toBe("block");
    caller.gateway.services.policyDirectory.forget(caller.projectId);
    expect(await action(caller)).toBe("policies_unavailable");
  });
});

describe("the header x-setback-policy", () => {
  it("makes the policy stricter for one request", async () => {
    const caller = await opened();
    expect(await action(caller, { operator_rules: [RULE] })).toBe("block");
    expect(await action(caller)).toBe("none");
    const stream = await caller.ask("/v1/chat/completions", {
      body: { ...HI, stream: true },
      headers: { "x-setback-policy": '{"stream_mode":"buffer"}' },
    });
    expect(stream.headers.get("x-setback-stream-mode")).toBe("buffer");
    await stream.text();
    const moderated = await caller.json("/v1/moderations", {
      body: { input: ANSWER },
      headers: { "x-setback-policy": JSON.stringify({ operator_rules: [RULE] }) },
    });
    expect(moderated.body).toMatchObject({ results: [{ flagged: true }] });
  });

  it("is refused where it would make it looser, or can't be read", async () => {
    const caller = await opened();
    await made(caller, { operator_rules: [RULE] });
    for (const header of ['{"stream_mode":"observe"}', '{"nothing":1}', "block", "[]"]) {
      const headers = { "x-setback-policy": header };
      const { status, body } = await caller.json("/v1/chat/completions", { body: HI, headers });
      expect(status).toBe(400);
      expect(body).toMatchObject({ error: { code: "invalid_policy" } });
    }
    const headers = { "x-setback-policy": '{"actions":{"output":{"custom:refund":"allow"}}}' };
    const { body } = await caller.json("/v1/chat/completions", { body: HI, headers });
    expect(faultsSchema.parse(body).error.param).toBe("actions.output.custom:refund");
  });
});

describe("what a policy allows", () => {
  it("neither withholds nor is kept, for the key and phrase it says", async () => {
    const caller = await opened();
    const allow = [{ id: "our-refunds", phrase: "Full Refund", roles: ["assistant"] }];
    await made(caller, { operator_rules: [RULE], allow });
    expect(await action(caller)).toBe("none");
    expect(caller.gateway.captures.take()).toEqual([]);
    expect(await action(caller, { allow: [] })).toBe("block");
  });
});

describe("consent", () => {
  it("opt_in keeps only what says store: true", async () => {
    const caller = await opened();
    await made(caller, { operator_rules: [RULE], consent: "opt_in" });
    for (const store of [undefined, false, true]) {
      await caller.json("/v1/chat/completions", { body: { ...HI, ...(store === undefined ? {} : { store }) } });
      expect(caller.gateway.captures.take()).toHaveLength(store === true ? 1 : 0);
    }
  });
});

describe("scan_roles", () => {
  it("says whose texts are checked as an input", async () => {
    const caller = await opened();
    const rule = { ...RULE, phrase: "open sesame", sides: ["input"] };
    await made(caller, { operator_rules: [rule], scan_roles: ["user"] });
    const ask = async (role: string): Promise<number> => {
      const tool = role === "tool" ? { tool_call_id: "call_1" } : {};
      const messages = [
        { role: "user", content: "Hi" },
        { role, content: "open sesame", ...tool },
      ];
      return (await caller.json("/v1/chat/completions", { body: { model: "m", messages } })).status;
    };
    expect([await ask("tool"), await ask("user")]).toEqual([200, 400]);
  });
});

describe("monitor", () => {
  it("withholds nothing, keeps everything, and is switched back; the audit says by whom", async () => {
    const caller = await opened();
    const input = { ...RULE, id: "sesame", phrase: "open sesame", sides: ["input"] };
    const id = await made(caller, { operator_rules: [RULE, input] });
    expect((await caller.json("/v1/monitor", { body: { monitor: true } })).body).toMatchObject({ monitor: true });
    expect((await caller.json("/v1/monitor")).body).toMatchObject({ monitor: true });
    const messages = [{ role: "user", content: "open sesame" }];
    const { status, body } = await caller.json("/v1/chat/completions", { body: { model: "m", messages } });
    expect([status, choiceSchema.parse(body).choices[0]]).toMatchObject([
      200,
      { finish_reason: "stop", message: { content: ANSWER }, setback: { action: "annotate" } },
    ]);
    await caller.gateway.drainCaptures();
    const policy_version = `${id}+monitor`;
    const kept = async (path: string): Promise<unknown> => listSchema.parse((await caller.json(path)).body).data;
    expect(await kept("/v1/mistakes")).toMatchObject([{ policy_version, action: "annotate" }]);
    expect(await kept("/v1/attacks")).toMatchObject([{ policy_version, action: "annotate" }]);
    expect(await action(caller, { monitor: false })).toBe("block");
    await caller.json("/v1/monitor", { body: { monitor: false } });
    expect(await action(caller)).toBe("block");
    expect(await kept("/v1/audit")).toMatchObject([
      { event: "monitor_switched", key_id: idOf("key"), details: { monitor: false } },
      { event: "monitor_switched", details: { monitor: true } },
      ...[{ subject: id }, { subject: id }],
    ]);
  });

  it("holds for the gateway's default policy too", async () => {
    const caller = await opened({ policy: { operator_rules: [RULE] } });
    expect(await action(caller)).toBe("block");
    await caller.json("/v1/monitor", { body: { monitor: true } });
    expect(await action(caller)).toBe("annotate");
    const written = createGateway({ policy: { monitor: true, operator_rules: [RULE] } });
    expect(written.services.completion.policy).toMatchObject({ stream_mode: "observe" });
  });
});

describe("a test of a policy", () => {
  it("says what would change, exchange by exchange, and stores nothing", async () => {
    const caller = await opened();
    await made(caller, { operator_rules: [RULE] });
    await action(caller);
    await caller.gateway.drainCaptures();
    const lenient = await made(caller, { operator_rules: [{ ...RULE, phrase: "free lamp" }] }, false);
    const exchanges = [
      { messages: HI.messages, answer: ANSWER },
      { messages: HI.messages, answer: "Take a free lamp." },
      { messages: HI.messages },
    ];
    const { status, body } = await caller.json(`/v1/policies/${lenient}/test`, { body: { exchanges, mistakes: {} } });
    expect(status).toBe(200);
    expect(body).toMatchObject({
      ...{ policy_id: lenient, tested: 4, changed: 3, missing_ids: [] },
      results: [
        { exchange: 0, changes: true, before: { output: "block" }, after: { output: "allow" } },
        { exchange: 1, changes: true, before: { output: "allow" }, after: { output: "block" } },
        { exchange: 2, changes: false, before: { input: "allow", output: null } },
        { mistake_id: idOf("mis"), exchange: null, changes: true, before: { output: "block" } },
      ],
    });
    expect(caller.gateway.captures.take()).toEqual([]);
    expect(caller.gateway.upstream.requests).toHaveLength(1);
  });

  it("is bounded, and tells which mistakes are not there", async () => {
    const caller = await opened();
    const id = await made(caller, {}, false);
    const exchanges = Array.from({ length: 51 }, () => ({ messages: HI.messages }));
    expect((await caller.json(`/v1/policies/${id}/test`, { body: { exchanges } })).status).toBe(400);
    const many = { exchanges: exchanges.slice(0, 11), judges: true };
    expect((await caller.json(`/v1/policies/${id}/test`, { body: many })).status).toBe(400);
    const { body } = await caller.json(`/v1/policies/${id}/test`, { body: { mistakes: { ids: ["mis_none"] } } });
    expect(body).toMatchObject({ tested: 0, missing_ids: ["mis_none"] });
    expect((await caller.json("/v1/policies/pol_none/test", { body: {} })).status).toBe(404);
  });
});
