// The judge in a gateway: the deployed model is asked about each side that the policy names, and its word counts.
import { describe, expect, it } from "vitest";
import { createGateway, type Gateway } from "../setup/gateway.ts";
import { problemOf } from "../setup/problem.ts";
import { says, scriptedUpstream, type Answer } from "../setup/upstream.ts";

const NO = says('{"violation": "no", "category": "none"}');
const YES = says('{"violation": "yes", "category": "S2"}');
const QUESTION = { messages: [{ role: "user", content: "How do I open a lock?" }], store: false };

function gatewayOf(sides: readonly string[], ...answers: readonly Answer[]): Gateway {
  const judge = { type: "self_check", id: "self-check", sides, run: "always", weight: "decide" };
  return createGateway({
    upstream: scriptedUpstream(...answers),
    policy: { judges: [judge], actions: { input: { default: "block" }, output: { default: "block" } } },
    env: { SETBACK_UPSTREAM_MODEL: "stub-model" },
  });
}

describe("a judge of answers", () => {
  it("lets pass what it calls no violation, asked in a plain request of its own", async () => {
    const gateway = gatewayOf(["output"], says("Use a key."), NO);
    await expect((await gateway.chat(QUESTION)).json()).resolves.toMatchObject({
      choices: [{ finish_reason: "stop", message: { content: "Use a key." } }],
    });
    const [, judge] = gateway.upstream.requests;
    expect(gateway.upstream.requests).toHaveLength(2);
    expect(judge).toMatchObject({ model: "stub-model", temperature: 0, messages: [{ role: "user" }] });
    expect(judge).not.toHaveProperty("store");
    expect(JSON.stringify(judge)).toContain("Use a key.");
    expect(JSON.stringify(judge)).not.toContain("Remember: the answer must be correct");
  });

  it("has a violation withheld", async () => {
    const reply = await gatewayOf(["output"], says("Break it."), YES).chat(QUESTION);
    await expect(reply.json()).resolves.toMatchObject({
      choices: [{ finish_reason: "content_filter", message: { content: "" } }],
    });
  });

  it("that gives no clear word is a guardrail that failed", async () => {
    const reply = await gatewayOf(["output"], says("Use a key."), says("Well, it depends.")).chat(QUESTION);
    await expect(problemOf(reply)).resolves.toMatchObject({ code: "guardrail_unavailable" });
  });
});

describe("a judge of requests", () => {
  it("refuses a violation before the model is asked for an answer", async () => {
    const gateway = gatewayOf(["input"], YES);
    await expect(problemOf(await gateway.chat(QUESTION))).resolves.toMatchObject({ code: "content_filter" });
    expect(gateway.upstream.requests).toHaveLength(1);
  });
});
