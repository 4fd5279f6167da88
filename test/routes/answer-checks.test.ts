// Wrong answers in a gateway: JSON that breaks its schema and calls that break their parameters are noted and kept apart from harm,
// asked for again where the policy says repair, and told at the end of a stream.
import { describe, expect, it } from "vitest";
import { createGateway, type Gateway } from "../setup/gateway.ts";
import { completionOf, says, scriptedUpstream, type Answer } from "../setup/upstream.ts";
import { contentText } from "../../src/wire/content-text.ts";

const SCHEMA = { type: "object", properties: { watts: { type: "integer" } }, required: ["watts"] };
const QUESTION = {
  model: "stub-model",
  messages: [{ role: "user", content: "How strong is the lamp?" }],
  response_format: { type: "json_schema", json_schema: { name: "lamp", schema: SCHEMA } },
};
const GOOD = '{"watts": 40}';
const BAD = '{"watts": "forty"}';

function gatewayOf(policy: object, ...answers: readonly Answer[]): Gateway {
  return createGateway({ upstream: scriptedUpstream(...answers), policy });
}

function streams(...texts: readonly string[]): Answer {
  const chunk = { id: "c", object: "chat.completion.chunk", created: 1, model: "stub-model" };
  const events = [
    ...texts.map((content) => ({ ...chunk, choices: [{ index: 0, delta: { content }, finish_reason: null }] })),
    { ...chunk, choices: [{ index: 0, delta: {}, finish_reason: "stop" }] },
  ];
  const body = [...events.map((event) => JSON.stringify(event)), "[DONE]"].map((data) => `data: ${data}\n\n`).join("");
  return () => new Response(body, { headers: { "content-type": "text/event-stream" } });
}

const underIncorrect = (action: string): object => ({
  actions: { input: { default: "annotate" }, output: { default: "block", incorrect: action } },
});

describe("JSON that breaks the requested schema", () => {
  it("leaves by default, with a note, and is a mistake of its own kind", async () => {
    const gateway = gatewayOf({}, says(BAD));
    await expect((await gateway.chat(QUESTION)).json()).resolves.toMatchObject({
      choices: [
        {
          message: { content: BAD },
          setback: {
            action: "annotate",
            findings: [{ guardrail: "answer-schema", rule: "answer-schema", category: "incorrect" }],
          },
        },
      ],
    });
    await gateway.drainCaptures();
    const listed = await (await gateway.ask("/v1/mistakes?kind=incorrect")).json();
    expect(listed).toMatchObject({ data: [{ kind: "incorrect", action: "annotate" }] });
    await expect((await gateway.ask("/v1/mistakes?kind=harmful")).json()).resolves.toMatchObject({ data: [] });
  });

  it("is nothing to note where it fits", async () => {
    const reply = await (await gatewayOf({}, says(GOOD)).chat(QUESTION)).json();
    expect(reply).toMatchObject({ choices: [{ message: { content: GOOD } }] });
    expect(JSON.stringify(reply)).not.toContain("setback");
  });

  it("is asked for again under repair, with the place in the schema as the reason", async () => {
    const gateway = gatewayOf(underIncorrect("repair"), says(BAD), says(GOOD));
    await expect((await gateway.chat(QUESTION)).json()).resolves.toMatchObject({
      choices: [{ message: { content: GOOD }, setback: { action: "repair" } }],
    });
    const again = gateway.upstream.requests[1];
    expect(again).toMatchObject({ response_format: QUESTION.response_format });
    expect(contentText(again?.messages.at(-1)?.content)).toContain("#/properties/watts/type");
    expect(contentText(again?.messages.at(-1)?.content)).not.toContain("forty");
  });

  it("is withheld under block", async () => {
    await expect((await gatewayOf(underIncorrect("block"), says(BAD)).chat(QUESTION)).json()).resolves.toMatchObject({
      choices: [{ finish_reason: "content_filter", message: { content: "" } }],
    });
  });

  it("is not looked for where the policy says so", async () => {
    const checks = { json_schema: false, tool_parameters: false };
    const reply = await (await gatewayOf({ answer_checks: checks }, says(BAD)).chat(QUESTION)).json();
    expect(JSON.stringify(reply)).not.toContain("setback");
  });

  it("with a schema that can't be read is said to be unchecked", async () => {
    const far = { type: "json_schema", json_schema: { name: "lamp", schema: { $ref: "https://schemas.test/lamp" } } };
    const reply = await (await gatewayOf({}, says(BAD)).chat({ ...QUESTION, response_format: far })).json();
    expect(reply).toMatchObject({ choices: [{ setback: { skipped: [{ guardrail: "answer-schema" }] } }] });
  });
});

describe("in a stream", () => {
  it("it is noted at the end by default", async () => {
    const text = await (
      await gatewayOf({}, streams('{"wat', 'ts": "forty"}')).chat({ ...QUESTION, stream: true })
    ).text();
    expect(text).toContain("forty");
    expect(text.indexOf("answer-schema")).toBeGreaterThan(text.indexOf("forty"));
  });

  it.each([
    ["block", [streams(BAD)], "content_filter"],
    ["repair", [streams(BAD), streams(GOOD)], '"action":"repair"'],
  ] as const)("nothing of it leaves under %s", async (action, answers, expected) => {
    const gateway = gatewayOf(underIncorrect(action), ...answers);
    const text = await (await gateway.chat({ ...QUESTION, stream: true })).text();
    expect(text).not.toContain("forty");
    expect(text).toContain(expected);
  });

  it("a text of which no form was asked is not held for it", async () => {
    const { response_format: _format, ...plain } = QUESTION;
    const pending = Promise.withResolvers<string>();
    const encoder = new TextEncoder();
    const head = { id: "c", object: "chat.completion.chunk", created: 1, model: "stub-model" };
    const first = { ...head, choices: [{ index: 0, delta: { content: "Forty watts, I believe. ".repeat(20) } }] };
    const body = new ReadableStream<Uint8Array>({
      start: (controller) => {
        controller.enqueue(encoder.encode(`data: ${JSON.stringify(first)}\n\n`));
      },
      // Never ends by itself: what the client sees before is what was not held.
      pull: async () => {
        await pending.promise;
      },
    });
    const gateway = gatewayOf(underIncorrect("repair"), () => {
      return new Response(body, { headers: { "content-type": "text/event-stream" } });
    });
    const reply = await gateway.chat({ ...plain, stream: true });
    const text = reply.body?.pipeThrough(new TextDecoderStream()).getReader();
    const read = await text?.read();
    expect(read?.value).toContain("Forty watts");
    pending.resolve("");
    await text?.cancel();
  });
});

it("a call that breaks its tool's parameters is noted", async () => {
  const tools = [
    { type: "function", function: { name: "switch_on", parameters: { type: "object", required: ["room"] } } },
  ];
  const call = { id: "1", type: "function", function: { name: "switch_on", arguments: "{}" } };
  const gateway = gatewayOf({}, () => Response.json(completionOf({ content: null, tool_calls: [call] })));
  const { response_format: _format, ...plain } = QUESTION;
  await expect((await gateway.chat({ ...plain, tools })).json()).resolves.toMatchObject({
    choices: [
      { message: { tool_calls: [call] }, setback: { findings: [{ rule: "tool-schema", category: "incorrect" }] } },
    ],
  });
});

it("a contradiction in itself is noted where the policy samples for it", async () => {
  const answer: Answer = (request) => {
    const asked = contentText(request.messages.at(-1)?.content);
    return Response.json(completionOf({ content: asked.includes("contradict") ? "yes" : "In 1931." }));
  };
  const gateway = gatewayOf({ judges: [{ type: "self_contradiction", id: "again", sample: 1 }] }, answer);
  const { response_format: _format, ...plain } = QUESTION;
  await expect((await gateway.chat(plain)).json()).resolves.toMatchObject({
    choices: [
      { setback: { action: "annotate", findings: [{ rule: "self-contradiction", category: "incorrect", score: 1 }] } },
    ],
  });
  expect(gateway.upstream.requests).toHaveLength(5);
});

it("an operator's own check of correctness is one more", async () => {
  const rule = { id: "fahrenheit", phrase: "degrees Fahrenheit", message: "gives Fahrenheit", category: "incorrect" };
  const { response_format: _format, ...plain } = QUESTION;
  const gateway = gatewayOf({ operator_rules: [rule] }, says("It has 90 degrees Fahrenheit."));
  await expect((await gateway.chat(plain)).json()).resolves.toMatchObject({
    choices: [{ setback: { action: "annotate", findings: [{ rule: "fahrenheit", category: "incorrect" }] } }],
  });
});
