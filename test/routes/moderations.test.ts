// POST /v1/moderations: the guardrails alone, in OpenAI's shape. Law: asks no model and stores nothing.
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { z } from "zod";
import type { SlowGuardrail } from "../../src/guardrail/guardrail.ts";
import { MODERATION_CATEGORIES } from "../../src/wire/moderation.ts";
import { brokenGuardrail, phraseGuardrail } from "../fakes/phrase-guardrail.ts";
import { withGuardrails } from "../setup/changes.ts";
import { createGateway, type Gateway } from "../setup/gateway.ts";
import { problemOf } from "../setup/problem.ts";

const moderationSchema = z.strictObject({
  id: z.string().startsWith("modr_"),
  model: z.string(),
  results: z.array(
    z.strictObject({
      flagged: z.boolean(),
      categories: z.record(z.string(), z.boolean()),
      category_scores: z.record(z.string(), z.number()),
    }),
  ),
});

describe("POST /v1/moderations", () => {
  let gateway: Gateway;
  beforeEach(() => {
    gateway = createGateway({
      change: withGuardrails(
        phraseGuardrail("hateful", "S10"),
        phraseGuardrail("attack", "prompt_attack", { sides: ["input"] }),
        phraseGuardrail("refund", "custom:refund"),
      ),
    });
  });
  afterEach(() => {
    expect(gateway.upstream.requests).toEqual([]);
    expect(gateway.captures.take()).toEqual([]);
  });

  async function moderate(input: unknown): Promise<z.infer<typeof moderationSchema>["results"]> {
    const reply = await gateway.ask("/v1/moderations", { body: { input } });
    expect(reply.status).toBe(200);
    return moderationSchema.parse(await reply.json()).results;
  }

  it("always has OpenAI's thirteen categories", async () => {
    const [result] = await moderate("nice");
    expect(result?.flagged).toBe(false);
    expect(Object.keys(result?.categories ?? {}).sort()).toEqual([...MODERATION_CATEGORIES].sort());
    expect(Object.values(result?.category_scores ?? {}).every((score) => score === 0)).toBe(true);
  });

  it.each([
    ["hateful", ["S10", "hate"]],
    ["attack", ["prompt_attack"]],
    ["refund", ["custom:refund"]],
    ["a hateful attack", ["S10", "hate", "prompt_attack"]],
  ])("flags %j, checked as an input and as an answer, under OpenAI's names and ours", async (input, names) => {
    const [result] = await moderate(input);
    expect(result?.flagged).toBe(true);
    const flagged = Object.entries(result?.categories ?? {}).flatMap(([name, is]) => (is ? [name] : []));
    expect(flagged.sort()).toEqual([...names].sort());
    expect(flagged.map((name) => result?.category_scores[name])).toEqual(flagged.map(() => 1));
  });

  it("gives one result for each text, in their order", async () => {
    const results = await moderate(["nice", "hateful", "nice"]);
    expect(results.map(({ flagged }) => flagged)).toEqual([false, true, false]);
  });

  it("gives one result for all parts of one input", async () => {
    const results = await moderate([
      { type: "text", text: "nice" },
      { type: "text", text: "hateful" },
    ]);
    expect(results.map(({ flagged }) => flagged)).toEqual([true]);
  });

  it.each([
    ["no input", {}, "input"],
    ["an empty input", { input: "" }, "input"],
    ["an input of a wrong type", { input: 7 }, "input"],
  ])("refuses %s", async (_name, body, param) => {
    const reply = await gateway.ask("/v1/moderations", { body });
    expect(reply.status).toBe(400);
    expect(await problemOf(reply)).toMatchObject({ type: "invalid_request_error", param });
  });

  it("refuses malformed JSON", async () => {
    const reply = await gateway.ask("/v1/moderations", { body: "{" });
    expect(reply.status).toBe(400);
    expect((await problemOf(reply)).code).toBe("invalid_json");
  });

  it.each(["closed", "open"])("is 503 where a guardrail fails, never «not flagged» (fail %s)", async (mode) => {
    gateway = createGateway({
      policy: { on_guardrail_error: mode },
      change: withGuardrails(brokenGuardrail(["output"])),
    });
    const reply = await gateway.ask("/v1/moderations", { body: { input: "nice" } });
    expect(reply.status).toBe(503);
    expect((await problemOf(reply)).code).toBe("guardrail_unavailable");
  });

  it("does not wait for a judge for longer than the policy says", async () => {
    const judge: SlowGuardrail = {
      id: "judge",
      version: "1",
      sides: ["output"],
      categories: ["S10"],
      check: async () => await new Promise(() => undefined),
    };
    const slow = createGateway({
      policy: {
        judges: [{ type: "self_check", id: "judge", sides: ["output"], run: "always", timeout_milliseconds: 50 }],
      },
      change: (services) => ({
        ...services,
        completion: { ...services.completion, guardrails: { fast: [], slow: [judge] } },
      }),
    });
    const problem = await problemOf(await slow.ask("/v1/moderations", { body: { input: "Hello." } }));
    expect(problem).toMatchObject({ code: "guardrail_unavailable" });
  });
});
