// The cascade through the whole gateway, over a classifier whose score stands in the text and the deployed model as its own judge.
// The named checks are what `npm run mutation` expects to go red.
import { describe, expect, it } from "vitest";
import { createGateway, type Gateway } from "../setup/gateway.ts";
import { problemOf } from "../setup/problem.ts";
import { says, scriptedUpstream, type Answer } from "../setup/upstream.ts";
import { scoredClassifier } from "../fakes/scored-classifier.ts";
import { phraseGuardrail } from "../fakes/phrase-guardrail.ts";

const NO = says('{"violation": "no", "category": "none"}');
const YES = says('{"violation": "yes", "category": "S2"}');
const PROSE = says("Well, it depends on what you mean by harm.");
const ASK = { model: "stub-model", messages: [{ role: "user", content: "Tell me about lamps. score 0.1" }] };

function gatewayOf(judge: object, ...answers: readonly Answer[]): Gateway {
  return createGateway({
    upstream: scriptedUpstream(...answers),
    policy: {
      judges: [{ type: "self_check", id: "self-check", sides: ["input", "output"], weight: "decide", ...judge }],
      actions: { input: { default: "block" }, output: { default: "block", offensive: "annotate" } },
    },
    change: (services) => {
      const fast = [
        scoredClassifier(),
        phraseGuardrail("rude", "offensive"),
        phraseGuardrail("refund", "custom:refund"),
      ];
      const { completion } = services;
      return { ...services, completion: { ...completion, guardrails: { ...completion.guardrails, fast } } };
    },
  });
}

/** How many tokens each purpose was billed for. */
async function spentFor(gateway: Gateway): Promise<readonly string[]> {
  await gateway.drainUsage();
  const usage: unknown = await (await gateway.ask("/v1/usage?group_by=purpose")).json();
  return JSON.stringify(usage).match(/"purpose":"(\w+)"/g) ?? [];
}

describe("the cascade", () => {
  it("escalation_band: a benign exchange far from the band costs no judge call, and the client is told nothing", async () => {
    const gateway = gatewayOf({}, says("Lamps give light. score 0.1"));
    const reply: unknown = await (await gateway.chat(ASK)).json();
    expect(gateway.upstream.requests).toHaveLength(1);
    expect(reply).toMatchObject({ choices: [{ message: { content: "Lamps give light. score 0.1" } }] });
    expect(JSON.stringify(reply)).not.toContain("setback");
    expect((await spentFor(gateway)).join()).not.toContain("judge");
  });

  it("decision_table: of two flags the stricter one decides", async () => {
    const reply = await gatewayOf({}, says("A rude refund. score 0.1")).chat(ASK);
    await expect(reply.json()).resolves.toMatchObject({
      choices: [{ finish_reason: "content_filter", message: { content: "" }, setback: { action: "block" } }],
    });
  });

  it("screen: a judge that only screens blocks nothing alone", async () => {
    const screen = { run: "always", weight: "screen", sides: ["output"] };
    const reply = await gatewayOf(screen, says("Lamps give light. score 0.1"), YES).chat(ASK);
    await expect(reply.json()).resolves.toMatchObject({
      choices: [{ finish_reason: "stop", setback: { action: "annotate" } }],
    });
  });

  it("judge_enum: a judge without a clear word has failed, and nothing passes", async () => {
    const reply = await gatewayOf({ run: "always", sides: ["output"] }, says("Lamps. score 0.1"), PROSE).chat(ASK);
    await expect(problemOf(reply)).resolves.toMatchObject({ code: "guardrail_unavailable" });
  });

  it("asks the judge in the band, bills it, and stores what it said with how long it took", async () => {
    const gateway = gatewayOf({ sides: ["output"] }, says("Lamps give light. score 0.6"), YES);
    const reply = await gateway.chat(ASK);
    await expect(reply.json()).resolves.toMatchObject({ choices: [{ finish_reason: "content_filter" }] });
    expect(gateway.upstream.requests).toHaveLength(2);
    expect((await spentFor(gateway)).join()).toContain("judge");
    await gateway.drainCaptures();
    const { data }: { data: { verdicts: object[] }[] } = await (await gateway.ask("/v1/mistakes")).json();
    const verdict = data[0]?.verdicts.find((each) => JSON.stringify(each).includes('"self-check"'));
    expect(verdict).toMatchObject({ status: "flag", side: "output", rationale: null });
    expect(verdict).toHaveProperty("latency_ms", expect.any(Number));
  });

  it("stores that a judge was not asked, and why", async () => {
    const gateway = gatewayOf({}, says("A refund. score 0.1"));
    await gateway.chat(ASK);
    await gateway.drainCaptures();
    const { data }: { data: { verdicts: object[] }[] } = await (await gateway.ask("/v1/mistakes")).json();
    expect(data[0]?.verdicts).toContainEqual(
      expect.objectContaining({
        guardrail: "self-check",
        side: "output",
        status: "skipped",
        reason: "already_decided",
      }),
    );
    expect(data[0]?.verdicts).toContainEqual(
      expect.objectContaining({ guardrail: "self-check", side: "input", status: "skipped", reason: "certain" }),
    );
  });

  it("asks judges of an input before the model, and others beside it", async () => {
    const uncertain = { ...ASK, messages: [{ role: "user", content: "Tell me about lamps. score 0.6" }] };
    const before = gatewayOf({ sides: ["input"] }, YES);
    await expect(problemOf(await before.chat(uncertain))).resolves.toMatchObject({ code: "content_filter" });
    expect(before.upstream.requests).toHaveLength(1);
    const beside = gatewayOf({ sides: ["input"], input: "parallel" }, NO, NO);
    expect((await beside.chat(uncertain)).status).toBe(200);
    expect(beside.upstream.requests).toHaveLength(2);
  });
});
