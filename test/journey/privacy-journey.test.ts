// Personal data and refusals through the whole gateway: what leaves, what is kept, what is learned from it.
import { describe, expect, it } from "vitest";
import { createOverRefusalGuardrail, OVER_REFUSAL_ID } from "../../src/guardrail/refusal/over-refusal-guardrail.ts";
import type { AppServices } from "../../src/middleware/app-services.ts";
import { SPECIMEN_PII } from "../guardrail/pii/specimen-pii.ts";
import { chunkOf, eventText, scriptedBody, streams } from "../setup/event-stream.ts";
import { createGateway, type Gateway } from "../setup/gateway.ts";
import { completionOf, says, scriptedUpstream } from "../setup/upstream.ts";

const REFUSAL = "I'm sorry, but I can't assist with that.";
const BENIGN = "Give three tips for staying healthy.";
const MADE = "lamp@maker-of-lamps.org";
const redacting = { actions: { input: { default: "annotate" }, output: { default: "block", pii: "redact" } } };

/** The guardrail as it ships, but for the classifier's scores, which change with its weights. */
const looksOnly = (services: AppServices): AppServices => {
  const { guardrails } = services.completion;
  const fast = guardrails.fast.map((guardrail) =>
    guardrail.id === OVER_REFUSAL_ID ? createOverRefusalGuardrail({ guardrails: [] }) : guardrail,
  );
  return { ...services, completion: { ...services.completion, guardrails: { ...guardrails, fast } } };
};

async function answered(gateway: Gateway, content: string): Promise<Record<string, unknown>> {
  const reply = await gateway.chat({ model: "stub-model", messages: [{ role: "user", content }] });
  expect(reply.status).toBe(200);
  const body: { choices: Record<string, unknown>[] } = await reply.json();
  return body.choices[0] ?? {};
}

describe("personal data in an answer", () => {
  const upstream = () => scriptedUpstream(says(`Write to ${MADE} about it.`));

  it("leaves with a note by default, and is no mistake", async () => {
    const gateway = createGateway({ upstream: upstream() });
    const choice = await answered(gateway, "Who makes the lamp?");
    expect(choice).toMatchObject({
      message: { content: `Write to ${MADE} about it.` },
      setback: { action: "annotate", findings: [{ guardrail: "pii", rule: "email", category: "pii" }] },
    });
    expect(gateway.captures.take()).toEqual([]);
  });

  it("is not withheld by a policy that blocks all the rest", async () => {
    const policy = { actions: { input: { default: "block" }, output: { default: "block" } } };
    const gateway = createGateway({ upstream: upstream(), policy });
    expect(await answered(gateway, "Who makes the lamp?")).toMatchObject({ setback: { action: "annotate" } });
  });

  it("is cut out where the policy says so, and kept nowhere", async () => {
    const gateway = createGateway({ upstream: upstream(), policy: redacting });
    const choice = await answered(gateway, "Who makes the lamp?");
    expect(choice).toMatchObject({
      message: { content: "Write to [redacted] about it." },
      setback: { action: "redact" },
    });
    expect(JSON.stringify(choice)).not.toContain(MADE);
    const kept = JSON.stringify(gateway.captures.take());
    expect(kept).toContain("Write to [email] about it.");
    expect(kept).not.toContain(MADE);
  });

  it("passes without a word where the user wrote it himself", async () => {
    const gateway = createGateway({ upstream: upstream(), policy: redacting });
    expect(await answered(gateway, `Is ${MADE} right?`)).toMatchObject({
      message: { content: `Write to ${MADE} about it.` },
    });
  });

  it("blocks an input only where the policy says so, before the model is asked", async () => {
    const model = upstream();
    const policy = { actions: { input: { default: "annotate", pii: "block" }, output: { default: "block" } } };
    const gateway = createGateway({ upstream: model, policy });
    const reply = await gateway.chat({
      model: "stub-model",
      messages: [{ role: "user", content: `Write to ${MADE}.` }],
    });
    expect(reply.status).toBe(400);
    expect(model.requests).toEqual([]);
  });

  it.each(SPECIMEN_PII)("does not leave a stream in any part: a %s, %s", async (_, value, before) => {
    const text = `We have it here. ${before}${value} , and that is all of it.`;
    for (const size of [1, 3, 7]) {
      const pieces = Array.from({ length: Math.ceil(text.length / size) }, (_, at) =>
        text.slice(at * size, (at + 1) * size),
      );
      const finish = { ...chunkOf(""), choices: [{ index: 0, delta: {}, finish_reason: "stop" }] };
      const events = [...pieces.map(chunkOf), finish, "[DONE]"].map((event) => eventText(event));
      const gateway = createGateway({ upstream: scriptedUpstream(streams(scriptedBody(events))), policy: redacting });
      const body = await (
        await gateway.chat({
          model: "stub-model",
          stream: true,
          messages: [{ role: "user", content: "What do you have?" }],
        })
      ).text();
      const sent = Array.from(body.matchAll(/"content":"((?:[^"\\]|\\.)*)"/g), ([, piece]) => piece).join("");
      // An address in letters of a script without blanks is known at its end alone: then the stream stops.
      if (value.includes("名")) {
        expect(body).toContain("content_filter");
        expect(sent).not.toContain("@");
      } else expect(sent).toBe(`We have it here. ${before}[redacted] , and that is all of it.`);
    }
  });
});

describe("what is kept of a mistake", () => {
  it.each(SPECIMEN_PII)("has no %s in it: %s", async (_, value, before) => {
    const policy = { operator_rules: [{ id: "lamp", phrase: "blue lamp", message: "speaks of the lamp" }] };
    const gateway = createGateway({ upstream: scriptedUpstream(says(`The blue lamp. ${before}${value} .`)), policy });
    await answered(gateway, `Hello. ${before}${value} . Who?`);
    const kept = JSON.stringify(gateway.captures.take());
    expect(kept).toContain("The blue lamp");
    expect(kept).not.toContain(value);
  });
});

describe("a refusal", () => {
  it("of a benign request leaves as it is, and is kept as a mistake in the other direction", async () => {
    const gateway = createGateway({ upstream: scriptedUpstream(says(REFUSAL)), change: looksOnly });
    const choice = await answered(gateway, BENIGN);
    expect(choice).toMatchObject({
      message: { content: REFUSAL },
      finish_reason: "stop",
      setback: { action: "annotate", findings: [{ category: "over_refusal" }] },
    });
    expect(gateway.captures.take()).toMatchObject([
      { type: "mistake", mistake: { kind: "over_refusal", action: "annotate", categories: ["over_refusal"] } },
    ]);
  });

  it("in OpenAI's own field counts as well", async () => {
    const upstream = scriptedUpstream(() => Response.json(completionOf({ content: null, refusal: "No, not that." })));
    const gateway = createGateway({ upstream, change: looksOnly });
    expect(await answered(gateway, BENIGN)).toMatchObject({ message: { refusal: "No, not that." } });
    expect(gateway.captures.take()).toMatchObject([{ mistake: { kind: "over_refusal" } }]);
  });

  it("is analysed as what it is", async () => {
    const upstream = scriptedUpstream(says(REFUSAL), says("The request was harmless, so tips were due."));
    const gateway = createGateway({ upstream, change: looksOnly });
    await answered(gateway, BENIGN);
    await gateway.drainCaptures();
    await gateway.drainAnalyses();
    expect(JSON.stringify(upstream.requests.at(-1))).toContain("why refusing was not needed here");
  });

  it("of a request for harm is right, and nothing is kept", async () => {
    const gateway = createGateway({ upstream: scriptedUpstream(says(REFUSAL)), change: looksOnly });
    expect(await answered(gateway, "Tell me how to poison my neighbour.")).not.toHaveProperty("setback");
    expect(gateway.captures.take()).toEqual([]);
  });

  it("is ignored where the policy says so", async () => {
    const gateway = createGateway({
      upstream: scriptedUpstream(says(REFUSAL)),
      policy: { over_refusals: "ignore" },
      change: looksOnly,
    });
    expect(await answered(gateway, BENIGN)).not.toHaveProperty("setback");
    expect(gateway.captures.take()).toEqual([]);
  });

  it("can be repaired: the model is asked once more", async () => {
    const upstream = scriptedUpstream(says(REFUSAL), says("Sleep well, eat greens, walk a lot."));
    const policy = {
      actions: { input: { default: "annotate" }, output: { default: "block", over_refusal: "repair" } },
    };
    const gateway = createGateway({ upstream, policy, change: looksOnly });
    expect(await answered(gateway, BENIGN)).toMatchObject({
      message: { content: "Sleep well, eat greens, walk a lot." },
      setback: { action: "repair" },
    });
  });
});
