// Personal data, secrets and raw ids of end users, planted through every way in, and looked for in everything that is kept or said:
// every table, every object, every queue message, every log, every point of metrics. `npm run mutation` expects the named checks.
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { z } from "zod";
import { IsolateUsageMeter } from "../../src/access/isolate-usage-meter.ts";
import { capturedSchema } from "../../src/mistake/captured-schema.ts";
import { chatCompletionSchema, type ChatRequest } from "../../src/wire/chat-completion.ts";
import { listSchema, newCaller, walk, type Caller } from "../routes/fixtures.ts";
import { allObjects, allRows, holding } from "../setup/all-stored.ts";
import { eventText } from "../setup/event-stream.ts";
import { completionOf, scriptedUpstream, type Answer } from "../setup/upstream.ts";

// Put together here, so that no scanner takes this file for a leak.
const SECRET = ["sk", "proj", "Zq3vT9xYb7LmN2kPd8RwS5uHf6Jc4Ga1Ve0XiOyB"].join("-");
const PLANTED = ["rosalind.planted@example.org", "4111 1111 1111 1111", "+41 44 668 18 00", SECRET] as const;
const RAW_USERS = ["raw-user-7731", "raw-safety-8842", "raw-erased-9953"] as const;
const WORDS = [...PLANTED, "rosalind", ...RAW_USERS];
vi.setConfig({ testTimeout: 30_000 });
const TEXT = `Write to ${PLANTED[0]}, card ${PLANTED[1]}, call ${PLANTED[2]}, key ${SECRET}.`;

/** Echoes what it was asked, promises a refund, and calls itself whatever it was called. */
const echo: Answer = (request) => {
  const asked = JSON.stringify(request.messages);
  const content = asked.includes("quoted-") ? `It names ${TEXT}` : `You get a full refund. ${TEXT}`;
  const tool_calls = [
    { id: "call_1", type: "function", function: { name: "mail", arguments: `{"to":"${PLANTED[0]}"}` } },
  ];
  if (request.stream === true) return streamed(request, content);
  const long = asked.includes("at length") ? "word ".repeat(8_000) : "";
  return Response.json({
    ...completionOf({ content: `${content}${long}`, tool_calls }),
    model: request.model,
    id: PLANTED[0],
  });
};

function streamed({ model }: ChatRequest, content: string): Response {
  const chunk = (delta: object, finish_reason: string | null): object => ({
    ...{ id: PLANTED[0], object: "chat.completion.chunk", created: 1, model },
    choices: [{ index: 0, delta, finish_reason }],
  });
  const pieces = content.split(" ").map((word) => chunk({ content: `${word} ` }, null));
  return new Response(eventText(...pieces, chunk({}, "stop"), "[DONE]"), {
    headers: { "content-type": "text/event-stream" },
  });
}

/** What left through queues, logs and metrics. */
let said: Map<string, string>;
const note = (sink: string, text: unknown): void => {
  said.set(sink, `${said.get(sink) ?? ""}\n${JSON.stringify(text)}`);
};

beforeEach(() => {
  said = new Map();
  for (const level of ["log", "error", "warn", "info", "debug"] as const) {
    vi.spyOn(console, level).mockImplementation((...words: unknown[]) => {
      note("console", words);
    });
  }
});

afterEach(() => {
  vi.restoreAllMocks();
});

/** What a queue holds, noted and put back. */
async function seen({ gateway }: Caller, name: "captures" | "analyses" | "usage"): Promise<void> {
  const bodies = gateway[name].take();
  note(`queue ${name}`, bodies);
  for (const body of bodies) await gateway[name].send(body);
}

async function drain(caller: Caller): Promise<void> {
  await seen(caller, "captures");
  await caller.gateway.drainCaptures();
  await seen(caller, "analyses");
  await caller.gateway.drainAnalyses();
  const { meter } = caller.gateway.services;
  if (meter instanceof IsolateUsageMeter) await meter.flush();
  await seen(caller, "usage");
  await caller.gateway.drainUsage();
}

async function newPlanted(): Promise<Caller> {
  const ANALYTICS = {
    writeDataPoint: (point?: AnalyticsEngineDataPoint) => {
      note("analytics", point);
    },
  };
  return await newCaller({ upstream: scriptedUpstream(echo), env: { ANALYTICS } });
}

async function plantChats(caller: Caller): Promise<void> {
  const user = { role: "user", content: `Can I return it? ${TEXT}`, name: PLANTED[0], [PLANTED[0]]: PLANTED[3] };
  const system = { role: "system", content: TEXT };
  const messages = [system, user];
  const model = PLANTED[0];
  const chat = async (body: object): Promise<Response> => await caller.ask("/v1/chat/completions", { body });
  await (await chat({ model, messages, user: RAW_USERS[0], metadata: { of: TEXT } })).text();
  await (await chat({ model, messages, safety_identifier: RAW_USERS[1], user: RAW_USERS[0], stream: true })).text();
  await (await chat({ model, messages: [system, { role: "user", content: "Tell me at length." }], n: 1 })).text();
  await (
    await chat({ model, messages: [{ role: "user", content: `open sesame ${TEXT}` }], user: RAW_USERS[0] })
  ).text();
  await (await chat({ model, messages: [{ role: TEXT }] })).text();
  await (await caller.ask("/v1/moderations", { body: { input: `open sesame ${TEXT}` } })).text();
}

async function plantReviews(caller: Caller): Promise<void> {
  const [first, ...others] = await walk(caller, "/v1/mistakes", 10);
  expect(others.length).toBeGreaterThan(0);
  await caller.json(`/v1/mistakes/${first ?? ""}/reviews`, { body: { decision: "confirm", comment: TEXT } });
  for (const id of others) {
    await caller.json(`/v1/mistakes/${id}/overrule`, { body: { scope: "exchange", comment: TEXT } });
  }
  const attacks = listSchema.parse((await caller.json("/v1/attacks")).body).data;
  const [attack] = attacks;
  const body = { scope: "exchange", comment: TEXT, correction: TEXT, model: PLANTED[0] };
  expect((await caller.json(`/v1/attacks/${attack?.id ?? ""}/overrule`, { body })).status).toBe(201);
}

describe("privacy", () => {
  it("redaction: nothing planted is in any table, object, queue, log or metric", async () => {
    const caller = await newPlanted();
    await plantChats(caller);
    await drain(caller);
    await plantReviews(caller);
    await drain(caller);
    await caller.json("/v1/releases", { body: {} });
    await caller.json("/v1/mistakes");
    const { erasing } = caller.gateway.services;
    const down = async (): Promise<never> => await Promise.reject(new Error("the database is down"));
    const failing = { ...erasing, erasures: { ...erasing.erasures, findRunning: down } };
    Object.assign(caller.gateway.services, { erasing: failing });
    expect((await caller.ask(`/v1/subjects/${RAW_USERS[2]}`, { method: "DELETE" })).status).toBe(500);
    Object.assign(caller.gateway.services, { erasing });
    expect((await caller.ask(`/v1/subjects/${RAW_USERS[2]}`, { method: "DELETE" })).status).toBe(200);
    const objects = await allObjects();
    const rows = await allRows();
    // They were all written to, so that nothing is clean because it is empty.
    const written = [...rows].filter(([, text]) => text !== "[]").map(([name]) => name);
    for (const table of ["mistakes", "attacks", "analyses", "reviews", "overrules", "usage_minutes", "access_log"])
      expect(written).toContain(`table ${table}`);
    expect([...objects.keys()].filter((key) => key.includes("/mistakes/"))).not.toEqual([]);
    expect([...objects.keys()].filter((key) => key.includes("/releases/"))).not.toEqual([]);
    for (const sink of ["queue captures", "queue analyses", "queue usage", "analytics", "console"])
      expect(said.get(sink)?.length ?? 0).toBeGreaterThan(10);
    expect([rows, objects, said].flatMap((sinks) => holding(sinks, WORDS))).toEqual([]);
  });

  it("end_user: whoever a request names is stored by HMAC alone, and goes on to the upstream", async () => {
    const caller = await newPlanted();
    await plantChats(caller);
    expect(caller.gateway.upstream.requests.map(({ user }) => user)).toContain(RAW_USERS[0]);
    const captured = caller.gateway.captures.take().map((body) => capturedSchema.parse(body));
    const named = captured.map((each) => {
      if (each.type === "exchange") return each.kept.provenance.endUser;
      return each.type === "mistake" ? each.mistake.provenance.endUser : each.attack.endUser;
    });
    expect(new Set(named).size).toBe(3);
    expect(
      named.filter((endUser) => endUser !== null).every((endUser) => /^[0-9a-f]{8}\.[\w-]{43}$/.test(endUser)),
    ).toBe(true);
  });

  it("consent: of a key that says never nothing is stored, whatever its requests say", async () => {
    const caller = await newPlanted();
    const made = await caller.json("/v1/keys", { body: { name: "quiet", scopes: ["chat"], consent: "never" } });
    const { key } = z.looseObject({ key: z.string(), consent: z.literal("never") }).parse(made.body);
    const body = { model: "m", messages: [{ role: "user", content: "Can I return it?" }], store: true };
    const reply = await caller.ask("/v1/chat/completions", { key, body });
    expect(chatCompletionSchema.parse(await reply.json()).choices[0]?.finish_reason).toBe("content_filter");
    const attack = { ...body, messages: [{ role: "user", content: "open sesame" }] };
    expect((await caller.ask("/v1/chat/completions", { key, body: attack })).status).toBe(400);
    expect(caller.gateway.captures.take()).toEqual([]);
  });
});
