// /v1/feedback on the real application: what becomes of what clients say, who may say it, and what is kept of it.
import { env } from "cloudflare:workers";
import { describe, expect, it } from "vitest";
import { z } from "zod";
import { deleteExpiredExchanges } from "../../src/jobs/expired-exchanges.ts";
import type { Problem } from "../../src/problem.ts";
import { capturedSchema } from "../../src/mistake/captured-schema.ts";
import { feedbackReplySchema, feedbackWireSchema } from "../../src/wire/feedback.ts";
import { mistakeWireSchema } from "../../src/wire/mistake.ts";
import { createGateway, type AskOptions, type Gateway } from "../setup/gateway.ts";
import { problemOf } from "../setup/problem.ts";
import { completionOf, scriptedUpstream, type Answer } from "../setup/upstream.ts";
import { phraseGuardrail } from "../fakes/phrase-guardrail.ts";

const GOOD = "Paris is the capital of France.";
const messages = [{ role: "user", content: "What is the capital of France?" }];
const RULES = [{ id: "refund", phrase: "full refund", message: "promises a refund" }];
const WINDOW = { feedback: { window_hours: 24, origins: ["https://shop.example"] }, operator_rules: RULES };

let completions = 0;

/** As `says`, each completion under an id of its own. */
function answers(...texts: readonly string[]): Answer {
  let next = 0;
  return () => {
    completions += 1;
    const content = texts[Math.min(next, texts.length - 1)] ?? "";
    next += 1;
    return Response.json({ ...completionOf({ content }), id: `chatcmpl-${completions}` });
  };
}

interface Scene {
  readonly gateway: Gateway;
  readonly key: string;
  /** asks the model, has what was captured stored, and gives the completion's id */
  readonly chat: (request?: object) => Promise<string>;
  readonly send: (body: object, options?: AskOptions) => Promise<Response>;
  readonly say: (body: object, options?: AskOptions) => Promise<z.infer<typeof feedbackReplySchema>>;
  readonly mistake: (id: string | null) => Promise<z.infer<typeof mistakeWireSchema>>;
  readonly list: (query?: string) => Promise<readonly z.infer<typeof feedbackWireSchema>[]>;
}

const idSchema = z.looseObject({ id: z.string() });
const keySchema = z.looseObject({ key: z.string() });

async function open(policy: object = WINDOW, answer: Answer = answers(GOOD)): Promise<Scene> {
  const gateway = createGateway({ policy, upstream: scriptedUpstream(answer) });
  const project = await gateway.ask("/v1/projects", { body: { name: "a shop" } });
  const { id: project_id } = idSchema.parse(await project.json());
  const keyOf = async (...scopes: readonly string[]): Promise<string> => {
    const made = await gateway.ask("/v1/keys", { body: { name: "a key", scopes, project_id } });
    return keySchema.parse(await made.json()).key;
  };
  const [key, admin] = [await keyOf("feedback"), await keyOf("admin")];
  const send: Scene["send"] = async (body, options) => await gateway.ask("/v1/feedback", { body, key, ...options });
  return {
    gateway,
    key,
    chat: async (request = {}) => {
      const reply = await gateway.chat({ model: "stub-model", messages, ...request }, { key: admin });
      const { id } = idSchema.parse(await reply.json());
      await gateway.drainCaptures();
      return id;
    },
    send,
    say: async (body, options) => {
      const reply = await send(body, options);
      expect([200, 201], await reply.clone().text()).toContain(reply.status);
      await gateway.drainCaptures();
      return feedbackReplySchema.parse(await reply.json());
    },
    mistake: async (id) => {
      const reply = await gateway.ask(`/v1/mistakes/${id ?? "none"}`, { key: admin });
      return mistakeWireSchema.parse(await reply.json());
    },
    list: async (query = "") => {
      const reply = await gateway.ask(`/v1/feedback${query}`, { key: admin });
      return z.object({ data: z.array(feedbackWireSchema) }).parse(await reply.json()).data;
    },
  };
}

async function rows(table: string, id: string): Promise<readonly unknown[]> {
  const { results } = await env.DB.prepare(`SELECT * FROM ${table} WHERE id = ?`).bind(id).all();
  return results;
}

// The first test of a file also waits for its Worker to be made.
describe("feedback on an answer that passed", { timeout: 20_000 }, () => {
  it("makes a mistake of it, by the completion's id", async () => {
    const scene = await open();
    const completion_id = await scene.chat();
    const correction = "Paris, since 987.";
    const said = await scene.say({
      completion_id,
      label: "mistake",
      category: "incorrect",
      comment: "Too short.",
      correction,
    });
    expect(said).toMatchObject({ outcome: "mistake_made", correction: "kept" });
    expect(await scene.mistake(said.mistake_id)).toMatchObject({
      ...{ source: "feedback", kind: "incorrect", state: "captured", categories: ["incorrect"] },
      ...{ messages, answer: GOOD, correction, completion_id, action: "allow", released_characters: GOOD.length },
    });
    expect(await scene.list()).toMatchObject([{ id: said.id, comment: "Too short.", correction: { flagged: false } }]);
  });

  it("keeps answers of a stream too, as the client got them", async () => {
    const chunks = ["Paris ", "is it."].map((content) => ({
      ...{ id: "chatcmpl-streamed", object: "chat.completion.chunk", created: 1, model: "stub-model" },
      choices: [{ index: 0, delta: { content }, finish_reason: null }],
    }));
    const end = { ...chunks[0], choices: [{ index: 0, delta: {}, finish_reason: "stop" }] };
    const events = [...chunks, end].map((chunk) => `data: ${JSON.stringify(chunk)}\n\n`).join("");
    const scene = await open(
      WINDOW,
      () => new Response(`${events}data: [DONE]\n\n`, { headers: { "content-type": "text/event-stream" } }),
    );
    const reply = await scene.gateway.chat({ model: "stub-model", messages, stream: true });
    await reply.text();
    await scene.gateway.drainCaptures();
    // The operator's key is of another project: what was kept is not there for the shop.
    expect((await problemOf(await scene.send({ completion_id: "chatcmpl-streamed", label: "good" }))).code).toBe(
      "unknown_completion",
    );
    const said = await scene.say(
      { completion_id: "chatcmpl-streamed", label: "mistake" },
      { key: "test-admin-key-0123456789abcdef" },
    );
    const mistake = await scene.gateway.ask(`/v1/mistakes/${said.mistake_id ?? ""}`);
    expect(await mistake.json()).toMatchObject({
      answer: "Paris is it.",
      stream_mode: "hold_back",
      categories: ["custom:reported"],
      kind: "other",
    });
  });

  it("makes a good example of it, which nobody's window ends", async () => {
    const scene = await open();
    const completion_id = await scene.chat();
    expect(await scene.say({ completion_id, label: "good" })).toMatchObject({
      outcome: "example_kept",
      mistake_id: null,
    });
    const [{ exchange_id: id } = { exchange_id: null }] = await scene.list();
    expect(await rows("kept_exchanges", id ?? "")).toMatchObject([{ state: "good", expires_at: null }]);
    const other = await scene.say({ completion_id, label: "mistake", user: "somebody" });
    expect(other.outcome).toBe("mistake_made");
    // What one calls good and another a mistake is no example, and is soon gone.
    expect(await rows("kept_exchanges", id ?? "")).toMatchObject([{ state: "window" }]);
    expect((await scene.say({ completion_id, label: "good", user: "a third" })).outcome).toBe("held_for_review");
  });

  it("makes an over-refusal of a refusal", async () => {
    const scene = await open({ ...WINDOW, over_refusals: "ignore" }, answers("That I would rather not say."));
    const completion_id = await scene.chat();
    const said = await scene.say({ completion_id, label: "over_refusal", correction: GOOD });
    expect(await scene.mistake(said.mistake_id)).toMatchObject({
      ...{ kind: "over_refusal", categories: ["over_refusal"], correction: GOOD },
    });
  });

  it("counts voices, one for each end user, and no end user's own id is kept", async () => {
    const scene = await open();
    const completion_id = await scene.chat();
    const first = await scene.say({ completion_id, label: "mistake", user: "anna@shop.example" });
    const again = await scene.say({ completion_id, label: "mistake", user: "anna@shop.example" });
    expect(again.id).toBe(first.id);
    const second = await scene.say({ completion_id, label: "mistake", user: "bert@shop.example" });
    expect(second).toMatchObject({ outcome: "voice_added", mistake_id: first.mistake_id });
    expect(await scene.gateway.services.feedback.voices(await projectOf(scene), first.mistake_id ?? "")).toEqual({
      mistake: 2,
      good: 0,
      over_refusal: 0,
    });
    expect(JSON.stringify(await scene.list())).not.toMatch(/anna|bert/);
  });

  it("replaces a label that was changed, and records it", async () => {
    const scene = await open();
    const completion_id = await scene.chat();
    const first = await scene.say({ completion_id, label: "mistake" });
    const second = await scene.say({ completion_id, label: "good" });
    expect(second).toMatchObject({ outcome: "held_for_review", mistake_id: first.mistake_id });
    expect(await scene.list()).toMatchObject([
      { id: second.id, label: "good", replaced_by: null },
      { id: first.id, label: "mistake", replaced_by: second.id },
    ]);
    expect(await scene.list("?outcome=held_for_review")).toHaveLength(1);
    expect(await scene.list(`?mistake_id=${first.mistake_id ?? ""}&label=mistake`)).toMatchObject([{ id: first.id }]);
  });

  it("makes one mistake of what two say at once", async () => {
    const scene = await open();
    const completion_id = await scene.chat();
    const said = await Promise.all(
      ["a", "b", "c"].map(async (user) => {
        const reply = await scene.send({ completion_id, label: "mistake", user });
        return feedbackReplySchema.parse(await reply.json()).mistake_id;
      }),
    );
    expect(new Set(said).size).toBe(1);
  });
});

async function projectOf({ gateway, key }: Scene): Promise<string> {
  const found = await gateway.services.keyRing.authenticate(`Bearer ${key}`);
  return found.ok ? found.value.projectId : "";
}

describe("feedback on a mistake", () => {
  it("adds a voice, or is held for review where it contradicts", async () => {
    const scene = await open(
      { ...WINDOW, actions: { input: { default: "allow" }, output: { default: "annotate" } } },
      answers("You get a full refund."),
    );
    const completion_id = await scene.chat();
    const added = await scene.say({ completion_id, label: "mistake" });
    expect(added.outcome).toBe("voice_added");
    expect(await scene.mistake(added.mistake_id)).toMatchObject({ source: "production", completion_id });
    const good = await scene.say({ mistake_id: added.mistake_id, label: "good", user: "bert" });
    expect(good).toMatchObject({ outcome: "held_for_review", mistake_id: added.mistake_id });
    // The client got this answer: nothing was refused.
    const refused = await scene.say({ completion_id, label: "over_refusal", user: "carl" });
    expect(refused).toMatchObject({ outcome: "held_for_review", mistake_id: added.mistake_id });
  });

  it("makes an over-refusal of what was withheld, with the correction that was given and no word of the answer", async () => {
    const scene = await open(WINDOW, answers("You get a full refund."));
    const completion_id = await scene.chat();
    const said = await scene.say({ completion_id, label: "over_refusal", correction: "Within 30 days, yes." });
    expect(said.outcome).toBe("mistake_made");
    const made = await scene.mistake(said.mistake_id);
    expect(made).toMatchObject({ kind: "over_refusal", source: "feedback", correction: "Within 30 days, yes." });
    expect(JSON.stringify([made.answer, made.correction])).not.toContain("full refund");
    const second = await scene.say({ completion_id, label: "over_refusal", user: "bert" });
    expect(second).toMatchObject({ outcome: "voice_added", mistake_id: said.mistake_id });
  });

  it("asks for the mistake's id where a completion has several", async () => {
    const upstream = answers("unused");
    const scene = await open(WINDOW, async (request, signal) => {
      const reply = await upstream(request, signal);
      const body = z.looseObject({ id: z.string() }).parse(await reply.json());
      const choices = z.looseObject({ choices: z.array(z.unknown()) });
      const two = completionOf({ content: "A full refund." }, { content: "Another full refund." });
      return Response.json({ ...choices.parse(two), id: body.id });
    });
    const completion_id = await scene.chat({ n: 2 });
    const problem = await problemOf(await scene.send({ completion_id, label: "mistake" }));
    expect(problem).toMatchObject({ type: "conflict_error" });
    expect(problem.message).toContain("mistake_id");
  });
});

describe("feedback with the exchange inline", () => {
  const exchange = { messages, answer: GOOD, model: "their-model" };

  it("needs no window, checks what it says, and knows the same exchange again", async () => {
    const scene = await open({ operator_rules: RULES });
    const said = await scene.say({ ...exchange, label: "mistake", category: "custom:tone", user: "anna" });
    expect(await scene.mistake(said.mistake_id)).toMatchObject({
      ...{ source: "feedback", categories: ["custom:tone"], answer: GOOD, model: "their-model", action: "allow" },
    });
    const again = await scene.say({ ...exchange, label: "mistake", user: "bert" });
    expect(again).toMatchObject({ outcome: "voice_added", mistake_id: said.mistake_id });
    expect((await scene.say({ ...exchange, label: "good", user: "carl" })).outcome).toBe("held_for_review");
  });

  it("keeps a good example, and holds one that the guardrails flag", async () => {
    const scene = await open({ operator_rules: RULES });
    const good = await scene.say({ ...exchange, label: "good" });
    expect(good).toMatchObject({ outcome: "example_kept", mistake_id: null });
    const [entry] = await scene.list();
    expect(await rows("kept_exchanges", entry?.exchange_id ?? "")).toMatchObject([
      { state: "good", completion_id: "" },
    ]);
    const doubted = await scene.say({ messages, answer: "A full refund!", label: "good" });
    expect(doubted.outcome).toBe("held_for_review");
    expect(await scene.mistake(doubted.mistake_id)).toMatchObject({
      categories: ["custom:refund"],
      source: "feedback",
    });
  });

  it("redacts it before it is kept anywhere", async () => {
    const scene = await open({});
    const secret = "AKIA" + "IOSFODNN7EXAMPLQ";
    const sent = await scene.send({
      ...{ messages: [{ role: "user", content: "I am anna.meier@shop.example" }], answer: `Use ${secret}.` },
      ...{ label: "mistake", comment: "See anna.meier@shop.example", correction: "Ask anna.meier@shop.example" },
    });
    const queued = JSON.stringify(scene.gateway.captures.take());
    expect(sent.status).toBe(201);
    const kept = queued + JSON.stringify(await scene.list());
    expect(kept).not.toMatch(/anna\.meier/);
    expect(kept).not.toContain(secret);
    expect(kept).toContain("[");
  });

  it.each([
    [{ store: false }, {}],
    [{ consent: "opt_in" }, {}],
    [{}, { store: false }],
  ])("keeps nothing where policy %o and request %o do not allow it", async (policy, request) => {
    const scene = await open(policy);
    const reply = await scene.send({ ...exchange, ...request, label: "mistake" });
    expect([reply.status, (await problemOf(reply)).code]).toEqual([403, "no_consent"]);
    expect([scene.gateway.captures.take(), await scene.list()]).toEqual([[], []]);
  });
});

describe("corrections", () => {
  it("become nobody's target where the guardrails flag them, and are kept with their verdicts", async () => {
    const scene = await open();
    const completion_id = await scene.chat();
    const said = await scene.say({ completion_id, label: "mistake", correction: "You get a full refund." });
    expect(said.correction).toBe("flagged");
    expect((await scene.mistake(said.mistake_id)).correction).toBeNull();
    const [entry] = await scene.list();
    expect(entry?.correction).toMatchObject({
      text: "You get a full refund.",
      flagged: true,
      verdicts: [{ status: "flag" }],
    });
  });

  it("are no targets where a guardrail could not check them", async () => {
    const gateway = createGateway({
      change: (services) => {
        const broken = {
          ...phraseGuardrail("x", "custom:x"),
          check: () => {
            throw new Error("broken");
          },
        };
        const guardrails = { fast: [broken], slow: [] };
        return { ...services, completion: { ...services.completion, guardrails } };
      },
    });
    const body = { messages, answer: GOOD, label: "mistake", correction: "Paris, I think." };
    const reply = await gateway.ask("/v1/feedback", { body });
    expect(feedbackReplySchema.parse(await reply.json()).correction).toBe("flagged");
  });
});

describe("what is kept for it", () => {
  it("is nothing by default, and the reply says what to do", async () => {
    const scene = await open({});
    const completion_id = await scene.chat();
    expect(scene.gateway.captures.take()).toEqual([]);
    const problem = await problemOf(await scene.send({ completion_id, label: "good" }));
    expect(problem).toMatchObject({ code: "unknown_completion", param: "completion_id" });
    expect(problem.message).toContain("window_hours");
    expect(problem.message).toContain('"messages" and "answer"');
  });

  it.each([
    [{ ...WINDOW, store: false }, {}],
    [{ ...WINDOW, consent: "opt_in" }, {}],
    [WINDOW, { store: false }],
  ])("is nothing without consent", async (policy, request) => {
    const scene = await open(policy);
    const completion_id = await scene.chat(request);
    expect((await scene.send({ completion_id, label: "good" })).status).toBe(404);
  });

  it("is redacted, and ends with its window: row and object", async () => {
    const scene = await open(WINDOW, answers(`Write to anna.meier@shop.example. ${"Paris. ".repeat(6_000)}`));
    const reply = await scene.gateway.chat({ model: "stub-model", messages });
    const { id: completion_id } = idSchema.parse(await reply.json());
    const [queued] = scene.gateway.captures.take().map((body) => capturedSchema.parse(body));
    if (queued?.type !== "exchange" || "inline" in queued.exchange) throw new Error("nothing large was kept");
    const { objects, keptExchanges, clock, storing } = scene.gateway.services;
    await storing.mistakes.insertCaptured([queued]);
    const key = queued.exchange.objectKey;
    expect(await objects.getText(key)).not.toContain("anna.meier");
    const name = { completionId: completion_id, choice: 0 };
    expect(await keptExchanges.findKept(queued.kept.projectId, name, clock())).not.toBeNull();
    const later = () => clock() + 25 * 3_600_000;
    expect(await keptExchanges.findKept(queued.kept.projectId, name, later())).toBeNull();
    expect(await deleteExpiredExchanges({ objects, keptExchanges, clock: later })).toBeGreaterThan(0);
    expect([await rows("kept_exchanges", queued.kept.id), await objects.getText(key)]).toEqual([[], null]);
  });

  it("goes early once its mistake is made", async () => {
    const scene = await open();
    const completion_id = await scene.chat();
    await scene.say({ completion_id, label: "mistake" });
    const [entry] = await scene.list();
    const { objects, keptExchanges, clock } = scene.gateway.services;
    await deleteExpiredExchanges({ objects, keptExchanges, clock: () => clock() + 3_700_000 });
    expect(await rows("kept_exchanges", entry?.exchange_id ?? "")).toEqual([]);
    // By then everybody finds the mistake.
    expect((await scene.say({ completion_id, label: "mistake", user: "bert" })).outcome).toBe("voice_added");
  });
});

describe("an idempotency key", () => {
  it("gives the same reply to the same body, and refuses another one", async () => {
    const scene = await open();
    const completion_id = await scene.chat();
    const headers = { "idempotency-key": "one" };
    const first = await scene.say({ completion_id, label: "mistake" }, { headers });
    expect(await scene.say({ completion_id, label: "mistake" }, { headers })).toEqual(first);
    const other = await scene.send({ completion_id, label: "good" }, { headers });
    expect([other.status, (await problemOf(other)).code]).toEqual([422, "idempotency_key_reused"]);
    const long = await scene.send(
      { completion_id, label: "good" },
      { headers: { "idempotency-key": "k".repeat(256) } },
    );
    expect(long.status).toBe(400);
  });

  it("makes good what failed: the same again has its effect then", async () => {
    let isDown = true;
    const gateway = createGateway({
      change: (services) => {
        const { capture } = services.completion;
        const flaky = {
          ...services.completion,
          capture: {
            attack: capture.attack.bind(capture),
            exchange: capture.exchange.bind(capture),
            mistake: async (draft: Parameters<typeof capture.mistake>[0]) =>
              isDown ? null : await capture.mistake(draft),
          },
        };
        return { ...services, completion: flaky };
      },
    });
    const options = { body: { messages, answer: "Lyon.", label: "mistake" }, headers: { "idempotency-key": "two" } };
    const failed = await gateway.ask("/v1/feedback", options);
    expect([failed.status, (await problemOf(failed)).code]).toEqual([503, "not_captured"]);
    isDown = false;
    const made = await gateway.ask("/v1/feedback", options);
    expect([made.status, feedbackReplySchema.parse(await made.json()).outcome]).toEqual([201, "mistake_made"]);
    expect(gateway.captures.take()).toHaveLength(1);
  });
});

describe("who may say it", () => {
  it("is a key of the scope feedback; who reads it needs review", async () => {
    const scene = await open();
    expect((await scene.send({ label: "good" }, { key: null })).status).toBe(401);
    expect((await scene.gateway.ask("/v1/feedback", { key: scene.key })).status).toBe(403);
    expect((await scene.gateway.ask("/v1/mistakes", { key: scene.key })).status).toBe(403);
  });

  it("is a page of the policy's origins: a preflight has no key, the POST is refused", async () => {
    const scene = await open();
    const preflight = await scene.gateway.ask("/v1/feedback", {
      ...{ method: "OPTIONS", key: null },
      headers: { origin: "https://shop.example", "access-control-request-method": "POST" },
    });
    expect(preflight.status).toBe(204);
    expect(preflight.headers.get("access-control-allow-origin")).toBe("*");
    expect(preflight.headers.get("access-control-allow-headers")).toContain("authorization");
    const body = { messages, answer: GOOD, label: "mistake" };
    const from = async (origin: string): Promise<Response> => await scene.send(body, { headers: { origin } });
    const allowed = await from("https://shop.example");
    expect([allowed.status, allowed.headers.get("access-control-allow-origin")]).toEqual([201, "https://shop.example"]);
    for (const origin of ["https://other.example", "http://shop.example", "https://shop.example:8443", "null"]) {
      const refused = await from(origin);
      expect([refused.status, refused.headers.get("access-control-allow-origin")]).toEqual([403, null]);
      expect((await problemOf(refused)).code).toBe("origin_not_allowed");
    }
    // A page that may send can also read why it was refused.
    const wrong = await scene.send({ label: "good" }, { headers: { origin: "https://shop.example" } });
    expect([wrong.status, wrong.headers.get("access-control-allow-origin")]).toEqual([400, "https://shop.example"]);
    // The gateway's own pages.
    expect((await from("http://gateway.test")).status).toBe(200);
  });

  it("keeps within the key's limits", async () => {
    const refusal = rateLimited;
    const gateway = createGateway({
      change: (services) => ({ ...services, limitGate: { refusal: async () => await Promise.resolve(refusal) } }),
    });
    const reply = await gateway.ask("/v1/feedback", { body: { messages, answer: GOOD, label: "good" } });
    expect(reply.status).toBe(429);
  });
});

const rateLimited: Problem = {
  ...{ status: 429, type: "rate_limit_error", code: "rate_limit_exceeded", message: "Too many requests.", param: null },
};

describe("what is refused", () => {
  it.each([
    [{ label: "good" }],
    [{ label: "good", completion_id: "a", mistake_id: "b" }],
    [{ label: "good", messages }],
    [{ label: "good", answer: GOOD }],
    [{ label: "good", completion_id: "a", messages, answer: GOOD }],
    [{ label: "good", completion_id: "a", correction: "No." }],
    [{ label: "bad", completion_id: "a" }],
    [{ label: "mistake", completion_id: "a", category: "nonsense" }],
    [{ label: "mistake", completion_id: "a", unknown: 1 }],
    [{ label: "mistake", messages, answer: "" }],
  ])("%o", async (body) => {
    const gateway = createGateway();
    const reply = await gateway.ask("/v1/feedback", { body });
    expect([reply.status, (await problemOf(reply)).type]).toEqual([400, "invalid_request_error"]);
  });

  it("is told by what is unknown, and by what is nested too deep", async () => {
    const gateway = createGateway();
    expect((await gateway.ask("/v1/feedback", { body: { label: "good", mistake_id: "mis_none" } })).status).toBe(404);
    const deep = `${"[".repeat(5_000)}${"]".repeat(5_000)}`;
    const body = `{"label":"good","messages":[{"role":"user","content":"q","x":${deep}}],"answer":"a"}`;
    expect((await gateway.ask("/v1/feedback", { body })).status).toBe(400);
  });
});
