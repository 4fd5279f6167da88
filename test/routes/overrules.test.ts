// Overrules on the wire: a look-alike that was withheld passes for a while, for whom it says, and is withheld again after it.
import { describe, expect, it } from "vitest";
import { z } from "zod";
import type { AppServices } from "../../src/middleware/app-services.ts";
import { BLOCKED_SENTENCES } from "../../src/generation/blocked-sentences.ts";
import type { SlowGuardrail } from "../../src/guardrail/guardrail.ts";
import { failed, judged } from "../../src/guardrail/verdicts.ts";
import { GuardrailServer } from "../fakes/guardrail-server.ts";
import { phraseGuardrail } from "../fakes/phrase-guardrail.ts";
import { capturedAttack, capturedMistake } from "../fixtures/records.ts";
import { chunkOf, eventText, scriptedBody, streams } from "../setup/event-stream.ts";
import { says, scriptedUpstream, type Answer } from "../setup/upstream.ts";
import { ANSWER, type Caller, errorSchema, idOf, newCaller } from "./fixtures.ts";

const QUESTION = "Can I return my lamp?";
const DAY = 86_400_000;
const comment = "The shop does give refunds.";

const answering: Answer = (request, signal) => {
  if (request.stream !== true) return says(ANSWER)(request, signal);
  const end = { ...chunkOf(""), choices: [{ index: 0, delta: {}, finish_reason: "stop" }] };
  return streams(scriptedBody([eventText(chunkOf(ANSWER), end, "[DONE]")]))(request, signal);
};

interface Shop extends Caller {
  readonly ahead: (milliseconds: number) => void;
  readonly passes: (options?: {
    readonly prompt?: string;
    readonly key?: string;
    readonly stream?: boolean;
  }) => Promise<boolean>;
}

/** Every project has a guardrail upstream. */
function withGuardrailServer(models: AppServices["models"]): AppServices["models"] {
  return {
    forProject: async (id) => await models.forProject(id),
    forOwnCalls: async (id) => await models.forOwnCalls(id),
    candidateModel: async (id, name) => await models.candidateModel(id, name),
    forget: (id) => {
      models.forget(id);
    },
    guardrailUpstream: async () => await Promise.resolve(new GuardrailServer({ says: "safe" })),
  };
}

/** Its clock can be put ahead; the caches keep real time. */
async function newShop(upstreamJudge: SlowGuardrail | null = null): Promise<Shop> {
  let ahead = 0;
  const fast = [
    phraseGuardrail("full refund", "custom:refund"),
    phraseGuardrail("open sesame", "custom:sesame", { sides: ["input"] }),
  ];
  const change = (services: AppServices): AppServices => ({
    ...services,
    clock: () => Date.now() + ahead,
    completion: {
      ...services.completion,
      guardrails: upstreamJudge === null ? { fast, slow: [] } : { fast: fast.slice(1), slow: [upstreamJudge] },
    },
    ...(upstreamJudge === null ? {} : { models: withGuardrailServer(services.models) }),
  });
  const caller = await newCaller({ upstream: scriptedUpstream(answering), change });
  return {
    ...caller,
    ahead: (milliseconds) => {
      ahead = milliseconds;
    },
    passes: async ({ prompt = QUESTION, key = caller.key, stream = false } = {}) => {
      const messages = [{ role: "user", content: prompt }];
      const reply = await caller.gateway.chat({ model: "stub-model", messages, stream }, { key });
      return (await reply.text()).includes(stream ? '"finish_reason":"stop"' : ANSWER);
    },
  };
}

const overruleSchema = z.looseObject({
  id: z.string(),
  mistake_id: z.string().nullable(),
  allowances: z.array(z.looseObject({})),
  reach: z.looseObject({ examined: z.number(), covered: z.number(), cleared: z.number(), ids: z.array(z.string()) }),
});

async function overrule(shop: Caller, path: string, body: object): Promise<z.infer<typeof overruleSchema>> {
  const reply = await shop.json(path, { body: { comment, ...body } });
  expect(reply).toMatchObject({ status: 201 });
  return overruleSchema.parse(reply.body);
}

async function otherKey(shop: Caller): Promise<{ readonly id: string; readonly key: string }> {
  const made = await shop.json("/v1/keys", { body: { name: "another", scopes: ["chat"] } });
  return z.looseObject({ id: z.string(), key: z.string() }).parse(made.body);
}

describe("an overruled answer", () => {
  it.each(["exchange", "phrase", "rule"])(
    "passes by its %s, as JSON and in a stream, until it is reverted",
    async (scope) => {
      const shop = await newShop();
      const id = await shop.makeMistake(QUESTION);
      expect([await shop.passes(), await shop.passes({ stream: true })]).toEqual([false, false]);
      const made = await overrule(shop, `/v1/mistakes/${id}/overrule`, { scope });
      expect([await shop.passes(), await shop.passes({ stream: true })]).toEqual([true, true]);
      // Only the exchange's own prompt is known to the narrowest scope.
      expect(await shop.passes({ prompt: "What of my table?" })).toBe(scope !== "exchange");
      expect((await shop.ask(`/v1/overrules/${made.id}`, { method: "DELETE" })).status).toBe(200);
      expect([await shop.passes(), await shop.passes({ stream: true })]).toEqual([false, false]);
    },
  );

  it("by its exchange, lets no other request in front of the known prompt", async () => {
    const shop = await newShop();
    const id = await shop.makeMistake(QUESTION);
    await overrule(shop, `/v1/mistakes/${id}/overrule`, { scope: "exchange" });
    const ask = { role: "user", content: QUESTION };
    const withheld = async (...before: readonly object[]): Promise<boolean> => {
      const body = { model: "stub-model", messages: [...before, ask] };
      return !(await (await shop.gateway.chat(body, { key: shop.key })).text()).includes(ANSWER);
    };
    expect(await withheld({ role: "system", content: "Sell lamps." })).toBe(false);
    expect(await withheld({ role: "user", content: "Answer this in place of what I say next." })).toBe(true);
    expect(
      await withheld({ role: "user", content: "When I ask, say so." }, { role: "assistant", content: "Yes." }),
    ).toBe(true);
  });

  it("passes for the keys it names alone", async () => {
    const shop = await newShop();
    const id = await shop.makeMistake(QUESTION);
    const other = await otherKey(shop);
    await overrule(shop, `/v1/mistakes/${id}/overrule`, { scope: "rule", key_ids: [other.id] });
    expect([await shop.passes(), await shop.passes({ key: other.key })]).toEqual([false, true]);
  });

  it("is withheld again once the exception is over", async () => {
    const shop = await newShop();
    const id = await shop.makeMistake(QUESTION);
    await overrule(shop, `/v1/mistakes/${id}/overrule`, { scope: "rule", expires_in_days: 2 });
    shop.ahead(2 * DAY - 60_000);
    expect(await shop.passes()).toBe(true);
    shop.ahead(2 * DAY);
    expect(await shop.passes()).toBe(false);
  });

  it("knows a prompt of which something was redacted", async () => {
    const shop = await newShop();
    const prompt = "My address is ann@example.org. Can I return my lamp?";
    const id = await shop.makeMistake(prompt);
    await overrule(shop, `/v1/mistakes/${id}/overrule`, { scope: "exchange" });
    expect(await shop.passes({ prompt })).toBe(true);
    expect(await shop.passes()).toBe(false);
  });

  it("becomes a mistake in the other direction, and is dismissed; a reversal takes both back", async () => {
    const shop = await newShop();
    const id = await shop.makeMistake(QUESTION);
    const made = await overrule(shop, `/v1/mistakes/${id}/overrule`, { scope: "exchange" });
    expect(made).toMatchObject({ subject_id: id, active: true, dry_run: false, correction: ANSWER });
    expect((await shop.json(`/v1/mistakes/${id}`)).body).toMatchObject({ state: "dismissed", correction: null });
    const recorded = `/v1/mistakes/${made.mistake_id ?? "none"}`;
    expect((await shop.json(recorded)).body).toMatchObject({
      kind: "over_refusal",
      source: "feedback",
      state: "captured",
      messages: [{ role: "user", content: QUESTION }],
      answer: BLOCKED_SENTENCES.en.output,
      correction: ANSWER,
      model: "stub-model",
      key_id: idOf("key"),
    });
    await shop.gateway.drainAnalyses();
    expect((await shop.json(recorded)).body).toMatchObject({ state: "analysed" });
    await shop.ask(`/v1/overrules/${made.id}`, { method: "DELETE" });
    expect((await shop.json(recorded)).body).toMatchObject({ state: "dismissed" });
    expect((await shop.json(`/v1/mistakes/${id}`)).body).toMatchObject({ state: "analysed" });
    const again = await shop.json(`/v1/overrules/${made.id}`, { method: "DELETE" });
    expect(again).toMatchObject({ status: 200, body: { active: false, reverted_by: idOf("key") } });
  });

  it("is recorded once, however often it is overruled", async () => {
    const shop = await newShop();
    const id = await shop.makeMistake(QUESTION);
    const first = await overrule(shop, `/v1/mistakes/${id}/overrule`, { scope: "exchange" });
    const second = await overrule(shop, `/v1/mistakes/${id}/overrule`, { scope: "rule" });
    expect(second.mistake_id).toBe(first.mistake_id);
    await shop.ask(`/v1/overrules/${first.id}`, { method: "DELETE" });
    expect(await shop.passes()).toBe(true);
    expect((await shop.json(`/v1/mistakes/${id}`)).body).toMatchObject({ state: "dismissed" });
    const { body } = await shop.json("/v1/overrules");
    expect(body).toMatchObject({
      data: [
        { id: second.id, active: true },
        { id: first.id, active: false },
      ],
    });
  });
});

describe("an overruled attack", () => {
  it("is corrected under judges that ask the project's own guardrail upstream", async () => {
    const guard = { id: "guard", version: "1", sides: ["output"], categories: ["S1"] } as const;
    const shop = await newShop({
      ...guard,
      check: async (_exchange, side, { upstream }) =>
        (await upstream("guard")) === null ? failed(guard, side, "no such upstream") : judged(guard, side, []),
    });
    const made = await overrule(shop, `/v1/attacks/${await attack(shop)}/overrule`, {
      scope: "exchange",
      model: "stub-model",
    });
    expect(made).toMatchObject({ correction: ANSWER });
  });

  const BLOCKED = "Say open sesame, please.";
  const blockedSchema = z.looseObject({ error: z.looseObject({ setback: z.looseObject({ attack_id: z.string() }) }) });

  async function attack(shop: Caller, prompt = BLOCKED): Promise<string> {
    const reply = await shop.gateway.chat(
      { model: "stub-model", messages: [{ role: "user", content: prompt }] },
      { key: shop.key },
    );
    const { error } = blockedSchema.parse(await reply.json());
    await shop.gateway.drainCaptures();
    return error.setback.attack_id;
  }

  it("stays, is named by its overrule, and gives an over-refusal with a person's correction", async () => {
    const shop = await newShop();
    const id = await attack(shop);
    const asked = { scope: "phrase", correction: "Open, sesame! Write to ann@example.org." };
    const made = await overrule(shop, `/v1/attacks/${id}/overrule`, asked);
    expect(made).toMatchObject({ correction: "Open, sesame! Write to [email]." });
    expect((await shop.json("/v1/attacks")).body).toMatchObject({ data: [{ id, overruled_by: made.id }] });
    expect((await shop.json(`/v1/mistakes/${made.mistake_id ?? ""}`)).body).toMatchObject({
      kind: "over_refusal",
      answer: BLOCKED_SENTENCES.en.input,
      correction: "Open, sesame! Write to [email].",
    });
    await shop.ask(`/v1/overrules/${made.id}`, { method: "DELETE" });
    expect((await shop.json("/v1/attacks")).body).toMatchObject({ data: [{ id, overruled_by: null }] });
  });

  it("is corrected by the deployed model, whose answer must pass the guardrails", async () => {
    const shop = await newShop();
    const id = await attack(shop);
    const asked = { scope: "exchange", model: "stub-model" };
    // The model says «full refund», which is withheld.
    const made = await overrule(shop, `/v1/attacks/${id}/overrule`, asked);
    expect(made).toMatchObject({ correction: null });
    const refund = await shop.makeMistake(QUESTION);
    await overrule(shop, `/v1/mistakes/${refund}/overrule`, { scope: "rule" });
    const second = await attack(shop, "Another open sesame.");
    expect(await overrule(shop, `/v1/attacks/${second}/overrule`, asked)).toMatchObject({ correction: ANSWER });
    expect(await shop.passes({ prompt: "Another open sesame." })).toBe(true);
  });
});

it("tells its reach before anything is done", async () => {
  const shop = await newShop();
  const ids = [await shop.makeMistake(QUESTION), await shop.makeMistake("What of my table?")];
  await shop.gateway.services.mistakes.insertCaptured([
    capturedMistake(shop.projectId),
    capturedAttack(shop.projectId),
  ]);
  const preview = async (scope: string): Promise<unknown> => {
    const body = { scope, comment, dry_run: true };
    const reply = await shop.json(`/v1/mistakes/${ids[0] ?? ""}/overrule`, { body });
    expect(reply.status).toBe(200);
    return overruleSchema.parse(reply.body).reach;
  };
  expect(await preview("exchange")).toEqual({ examined: 4, covered: 1, cleared: 1, ids: [ids[0]] });
  for (const scope of ["phrase", "rule"]) {
    expect(await preview(scope)).toEqual({ examined: 4, covered: 2, cleared: 2, ids: ids.toReversed() });
  }
  expect(await shop.passes()).toBe(false);
  expect((await shop.json("/v1/overrules")).body).toMatchObject({ data: [] });
  expect((await shop.json(`/v1/mistakes/${ids[0] ?? ""}`)).body).toMatchObject({ state: "analysed" });
});

it.each<[object | string, string | null]>([
  [{ comment }, "scope"],
  [{ scope: "everything", comment }, "scope"],
  [{ scope: "rule" }, "comment"],
  [{ scope: "rule", comment: " " }, "comment"],
  [{ scope: "rule", comment: "a".repeat(4_001) }, "comment"],
  [{ scope: "rule", comment, expires_in_days: 0 }, "expires_in_days"],
  [{ scope: "rule", comment, expires_in_days: 366 }, "expires_in_days"],
  [{ scope: "rule", comment, expires_in_days: 1.5 }, "expires_in_days"],
  [{ scope: "rule", comment, key_ids: [] }, "key_ids"],
  [{ scope: "rule", comment, key_ids: ["key_of_nobody"] }, "key_ids[0]"],
  [{ scope: "rule", comment, key_ids: [7] }, "key_ids[0]"],
  [{ scope: "rule", comment, dry_run: "yes" }, "dry_run"],
  [{ scope: "rule", comment, correction: "Its own answer is the correction." }, null],
  [{ scope: "rule", comment, allowances: [{ guardrail: "secrets" }] }, null],
  ["{", null],
  ["[]", null],
])("refuses %j and changes nothing", async (body, param) => {
  const shop = await newShop();
  const id = await shop.makeMistake(QUESTION);
  const reply = await shop.json(`/v1/mistakes/${id}/overrule`, { body });
  expect(reply.status).toBe(400);
  expect(errorSchema.parse(reply.body).error.param).toBe(param);
  expect((await shop.json("/v1/overrules")).body).toMatchObject({ data: [] });
});

it("refuses what has no flag, no place, or no user's words, and an over-refusal, and says what to do", async () => {
  const shop = await newShop();
  const flag = {
    guardrail: "g",
    version: "1",
    side: "output",
    status: "flag",
    reason: null,
    score: 0.9,
    threshold: 0.5,
    latencyMilliseconds: null,
    rationale: null,
  } as const;
  const finding = { rule: "r", category: "S10", span: null, message: "m" } as const;
  const bare = capturedMistake(shop.projectId);
  const placeless = capturedMistake(
    shop.projectId,
    { verdicts: [{ ...flag, findings: [finding] }] },
    { messages: [{ role: "system", content: "Hi." }], answer: { role: "assistant", content: "x" } },
  );
  const refusal = capturedMistake(shop.projectId, { kind: "over_refusal", verdicts: placeless.mistake.verdicts });
  await shop.gateway.services.mistakes.insertCaptured([bare, placeless, refusal]);
  const refused = async (id: string, scope: string): Promise<unknown> => {
    const { status, body } = await shop.json(`/v1/mistakes/${id}/overrule`, { body: { scope, comment } });
    return [status, errorSchema.parse(body).error.message];
  };
  const saying = (text: string): unknown => expect.stringContaining(text);
  expect(await refused(bare.mistake.id, "rule")).toEqual([400, saying("nothing to allow")]);
  expect(await refused(placeless.mistake.id, "phrase")).toEqual([400, saying("exchange")]);
  expect(await refused(placeless.mistake.id, "exchange")).toEqual([400, saying("rule")]);
  expect(await refused(refusal.mistake.id, "rule")).toEqual([409, saying("review")]);
  expect(await refused("mis_nothing", "rule")).toEqual([404, saying("mis_nothing")]);
});

it("overrules, shows and reverts nothing of another project", async () => {
  const [shop, stranger] = [await newShop(), await newShop()];
  const id = await shop.makeMistake(QUESTION);
  const path = `/v1/mistakes/${id}/overrule`;
  expect((await stranger.json(path, { body: { scope: "rule", comment } })).status).toBe(404);
  const made = await overrule(shop, path, { scope: "rule" });
  expect((await stranger.json("/v1/overrules")).body).toMatchObject({ data: [] });
  expect((await stranger.ask(`/v1/overrules/${made.id}`, { method: "DELETE" })).status).toBe(404);
  expect(await shop.passes()).toBe(true);
  expect(await stranger.passes()).toBe(false);
});
