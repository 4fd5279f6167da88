// A stream between the model and the client: what leaves, what is withheld, what is said, and what is kept.
import { describe, expect, it } from "vitest";
import type { FastGuardrail } from "../../../src/guardrail/guardrail.ts";
import type { Action, Policy } from "../../../src/policy/policy.ts";
import { DEFAULT_POLICY } from "../../../src/policy/policy.ts";
import { brokenGuardrail, phraseGuardrail } from "../../fakes/phrase-guardrail.ts";
import { chunkOf, eventText, scriptedBody, streams } from "../../setup/event-stream.ts";
import { watchStream } from "../../setup/guarded-stream.ts";
import { completionOf, type Answer } from "../../setup/upstream.ts";

const BAD = "blueberry pie";
const bad = phraseGuardrail(BAD, "custom:pie");

function policyOf(action: Action, changes: Partial<Policy> = {}): Partial<Policy> {
  return { actions: { ...DEFAULT_POLICY.actions, output: { default: action } }, ...changes };
}

function finish(reason = "stop", index = 0): object {
  return { ...chunkOf(""), choices: [{ index, delta: {}, finish_reason: reason }] };
}

/** Each text an event of its own, each event a read of its own. */
function says(...texts: readonly string[]): Answer {
  const events = [...texts.map(chunkOf), finish(), "[DONE]"];
  return streams(scriptedBody(events.map((event) => eventText(event))));
}

describe("hold_back", () => {
  it("passes what nothing is said against, word by word, and ends it as OpenAI does", async () => {
    const seen = await watchStream({ answers: [says("Lamps ", "give ", "light.")], fast: [bad] });
    expect(seen).toMatchObject({
      choices: [{ texts: { content: "Lamps give light." }, finishReason: "stop", action: null }],
      error: null,
      isDone: true,
    });
    expect(seen.events).toHaveLength(4);
    expect(seen.mistakes).toEqual([]);
  });

  it("holds what may still begin a pattern, and no more", async () => {
    const seen = await watchStream({ answers: [says("I like blue", "berry", " jam.")], fast: [bad] });
    const texts = seen.events.flatMap((event) => JSON.stringify(event).match(/"content":"[^"]*"/g) ?? []);
    expect(texts).toEqual(['"content":"I like "', '"content":"blueberry jam."']);
  });

  it("blocks before the first character of what is flagged leaves, stops the model, and keeps the mistake", async () => {
    const body = scriptedBody(["I like ", "blueb", "erry pi", "e a lot", "."].map((text) => eventText(chunkOf(text))));
    const seen = await watchStream({ answers: [streams(body)], fast: [bad] });
    expect(seen).toMatchObject({
      choices: [{ texts: { content: "I like " }, finishReason: "content_filter", action: "block" }],
      error: null,
      isDone: true,
    });
    expect(body.cancelledAt()).not.toBeNull();
    expect(body.taken()).toBe(4);
    expect(seen.mistakes).toMatchObject([
      {
        action: "block",
        releasedCharacters: 7,
        answer: { content: "I like blueberry pie a lot" },
        provenance: { streamMode: "hold_back", model: "stub-model", completionId: "chatcmpl-upstream" },
      },
    ]);
  });

  it("redacts before release, and lets the rest pass", async () => {
    const seen = await watchStream({
      answers: [says("I like ", "blueberry", " pie", ", and blueberry p", "ie, and tea.")],
      fast: [bad],
      policy: policyOf("redact"),
    });
    expect(seen.choices).toEqual([
      { texts: { content: "I like [redacted], and [redacted], and tea." }, finishReason: "stop", action: "redact" },
    ]);
    expect(seen.mistakes).toMatchObject([{ action: "redact", releasedCharacters: 23 }]);
  });

  it("only notes what is to be annotated, in the last chunk", async () => {
    const seen = await watchStream({ answers: [says("A ", BAD, ".")], fast: [bad], policy: policyOf("annotate") });
    expect(seen.choices).toEqual([{ texts: { content: `A ${BAD}.` }, finishReason: "stop", action: "annotate" }]);
    expect(seen.mistakes).toMatchObject([{ action: "annotate", releasedCharacters: 16 }]);
  });

  it("holds everything where a guardrail can't read pieces", async () => {
    const whole = phraseGuardrail(BAD, "custom:pie", { pieces: false });
    const seen = await watchStream({ answers: [says("I like ", BAD)], fast: [whole] });
    expect(seen.choices).toEqual([{ texts: {}, finishReason: "content_filter", action: "block" }]);
    const clean = await watchStream({ answers: [says("I like ", "tea.")], fast: [whole] });
    expect(clean.choices).toMatchObject([{ texts: { content: "I like tea." }, finishReason: "stop" }]);
  });

  it("checks the whole answer before its end leaves", async () => {
    // It sees nothing in pieces, as a pattern does that is longer than any piece.
    const atTheEnd: FastGuardrail = {
      ...bad,
      glimpse: ({ text }) => ({ findings: [], openFrom: Math.max(0, text.length - 3) }),
    };
    const seen = await watchStream({ answers: [says("I like ", "blueberry", " pie.")], fast: [atTheEnd] });
    expect(seen.choices).toMatchObject([{ finishReason: "content_filter", action: "block" }]);
    expect(seen.choices[0]?.texts["content"]).toBe("I like blueberry p");
    expect(seen.mistakes).toMatchObject([{ releasedCharacters: 18 }]);
  });

  it("guards reasoning, refusals and the arguments, names and ids of tool calls", async () => {
    const call = (fields: object): object => ({
      ...chunkOf(""),
      choices: [{ index: 0, delta: { tool_calls: [{ index: 0, ...fields }] }, finish_reason: null }],
    });
    const delta = (fields: object): object => ({
      ...chunkOf(""),
      choices: [{ index: 0, delta: fields, finish_reason: null }],
    });
    const cases: [readonly object[], Readonly<Record<string, string>>][] = [
      [
        [delta({ reasoning_content: "Think: blueberry" }), delta({ reasoning_content: " pie." })],
        { reasoning_content: "Think: " },
      ],
      [[delta({ refusal: "No blueberry" }), delta({ refusal: " pie." })], { refusal: "No " }],
      [[delta({ thoughts: "A blueberry pie." })], {}],
      [
        [
          call({ id: "call_1", type: "function", function: { name: "bake", arguments: "" } }),
          call({ function: { arguments: '{"cake":"blueb' } }),
          call({ function: { arguments: 'erry pie"}' } }),
        ],
        { "call 0 id": "call_1", "call 0 name": "bake", "call 0 arguments": '{"cake":"' },
      ],
      [[call({ id: "call_1", type: "function", function: { name: BAD, arguments: "" } })], {}],
      [[call({ id: BAD, type: "function", function: { name: "bake", arguments: "" } })], {}],
    ];
    for (const [events, texts] of cases) {
      const body = scriptedBody([...events, finish(), "[DONE]"].map((event) => eventText(event)));
      const seen = await watchStream({ answers: [streams(body)], fast: [bad] });
      expect(seen.choices, JSON.stringify(events)).toEqual([
        { texts, finishReason: "content_filter", action: "block" },
      ]);
    }
  });

  it("guards every choice by itself, and stops the model only when nobody listens", async () => {
    const of = (index: number, content: string): object => ({
      ...chunkOf(""),
      choices: [{ index, delta: { content }, finish_reason: null }],
    });
    const events = [of(0, "I like "), of(1, "Lamps "), of(0, BAD), of(1, "glow."), finish("stop", 1), "[DONE]"];
    const body = scriptedBody(events.map((event) => eventText(event)));
    const seen = await watchStream({ answers: [streams(body)], fast: [bad], request: { n: 2 } });
    expect(seen.choices).toEqual([
      { texts: { content: "I like " }, finishReason: "content_filter", action: "block" },
      { texts: { content: "Lamps glow." }, finishReason: "stop", action: null },
    ]);
    expect(body.cancelledAt()).toBeNull();
  });

  it("tells the usage only if the client asked, and an estimate where the model was stopped", async () => {
    const usage = { ...chunkOf(""), choices: [], usage: { prompt_tokens: 3, completion_tokens: 2, total_tokens: 5 } };
    const answer = (): Answer =>
      streams(scriptedBody([eventText(chunkOf("Yes.")), eventText(finish()), eventText(usage), eventText("[DONE]")]));
    const asked = { stream_options: { include_usage: true } };
    expect((await watchStream({ answers: [answer()] })).usage).toBeNull();
    expect((await watchStream({ answers: [answer()], request: asked })).usage).toEqual(usage.usage);
    const blocked = await watchStream({ answers: [says("I like ", BAD)], fast: [bad], request: asked });
    expect(blocked.usage).toMatchObject({ completion_tokens: 5 });
  });

  it("cuts off what is longer than the policy allows", async () => {
    const body = scriptedBody(Array.from({ length: 50 }, () => eventText(chunkOf("x".repeat(100)))));
    const seen = await watchStream({ answers: [streams(body)], policy: { max_answer_characters: 1_000 } });
    expect(seen.choices).toMatchObject([{ finishReason: "length" }]);
    expect(seen.choices[0]?.texts["content"]).toHaveLength(1_100);
    expect(body.cancelledAt()).not.toBeNull();
  });
});

describe("a guardrail that fails", () => {
  const broken: FastGuardrail = {
    ...brokenGuardrail(["output"]),
    glimpse: ({ text }) => {
      if (text.includes("light")) throw new Error("it broke");
      return { findings: [], openFrom: text.length };
    },
  };

  it("ends the stream with an error event under fail closed, and what it did not read stays", async () => {
    const seen = await watchStream({ answers: [says("Lamps ", "give ", "light.")], fast: [broken] });
    expect(seen).toMatchObject({
      choices: [{ texts: { content: "Lamps give " }, finishReason: null }],
      error: "guardrail_unavailable",
      isDone: false,
    });
    expect(seen.logger.lines).toContainEqual(expect.objectContaining({ event: "guardrail_failed" }));
  });

  it("is told in the last chunk under fail open", async () => {
    const policy = { on_guardrail_error: "open" as const };
    const seen = await watchStream({ answers: [says("Lamps ", "give ", "light.")], fast: [broken], policy });
    expect(seen).toMatchObject({
      choices: [{ texts: { content: "Lamps give light." }, finishReason: "stop", action: "allow" }],
      error: null,
    });
    expect(JSON.stringify(seen.events.at(-1))).toContain('"failed":[{"guardrail":"broken"');
  });
});

describe("repair", () => {
  const policy = policyOf("repair");

  it("discards what was not released, and goes on with another answer", async () => {
    const seen = await watchStream({
      answers: [says("I like ", "blueberry", " pie."), says("tea,", " and lamps.")],
      fast: [bad],
      policy,
    });
    expect(seen.choices).toEqual([
      { texts: { content: "I like tea, and lamps." }, finishReason: "stop", action: "repair" },
    ]);
    expect(seen.upstream.requests).toHaveLength(2);
    const again = seen.upstream.requests[1]?.messages ?? [];
    expect(again.at(-2)).toEqual({ role: "assistant", content: "I like " });
    expect(JSON.stringify(again.at(-1))).toContain("says what it should not say");
    expect(seen.mistakes).toMatchObject([{ action: "repair", releasedCharacters: 7 }]);
    // Two prompts were read, and neither stream counted.
    const once = await watchStream({ answers: [says("tea.")], fast: [bad], policy });
    const prompt = (given: typeof seen): number => given.meter.recorded[0]?.promptTokens ?? 0;
    expect(prompt(seen)).toBe(2 * prompt(once));
  });

  it("tries twice, then blocks", async () => {
    const seen = await watchStream({ answers: [says(BAD), says(BAD), says(BAD)], fast: [bad], policy });
    expect(seen.upstream.requests).toHaveLength(3);
    expect(seen.choices).toEqual([{ texts: {}, finishReason: "content_filter", action: "block" }]);
    expect(seen.mistakes.map(({ action }) => action)).toEqual(["repair", "repair", "block"]);
  });

  it("blocks where a tool call left in part already", async () => {
    const call = (fields: object): object => ({
      ...chunkOf(""),
      choices: [{ index: 0, delta: { tool_calls: [{ index: 0, ...fields }] }, finish_reason: null }],
    });
    const events = [
      call({ id: "call_1", type: "function", function: { name: "bake", arguments: "" } }),
      call({ function: { arguments: '{"cake":"blueberry pie"}' } }),
    ];
    const seen = await watchStream({
      answers: [streams(scriptedBody(events.map((event) => eventText(event))))],
      fast: [bad],
      policy,
    });
    expect(seen.upstream.requests).toHaveLength(1);
    expect(seen.choices).toMatchObject([{ finishReason: "content_filter", action: "block" }]);
  });
});

describe("observe", () => {
  it("sends everything at once, and records what it would have done", async () => {
    const seen = await watchStream({
      answers: [says("I like ", BAD)],
      fast: [bad],
      policy: { stream_mode: "observe" },
    });
    expect(seen.choices).toEqual([{ texts: { content: `I like ${BAD}` }, finishReason: "stop", action: "annotate" }]);
    expect(seen.mistakes).toMatchObject([
      { action: "annotate", releasedCharacters: 20, provenance: { streamMode: "observe" } },
    ]);
  });
});

describe("an upstream that breaks", () => {
  const event = eventText(chunkOf("Lamps give blue"));
  it.each<[string, Answer, string]>([
    ["ends in the middle", streams(scriptedBody([event])), "upstream_incomplete"],
    ["resets the connection", streams(scriptedBody([event], "reset")), "upstream_broke_off"],
    [
      "sends an error event",
      streams(scriptedBody([event, eventText({ error: { message: "out of memory" } })])),
      "upstream_error",
    ],
    ["sends what is no JSON", streams(scriptedBody([event, "data: {oops\n\n"])), "upstream_invalid_response"],
    ["sends what is no chunk", streams(scriptedBody([event, 'data: {"choices":7}\n\n'])), "upstream_invalid_response"],
  ])("when it %s: what came is checked and left, then an error event", async (_, answer, code) => {
    const seen = await watchStream({ answers: [answer], fast: [bad] });
    expect(seen).toMatchObject({ choices: [{ texts: { content: "Lamps give blue" } }], error: code, isDone: false });
  });

  it("keeps what was flagged although the answer broke off, and withholds it", async () => {
    const atTheEnd: FastGuardrail = { ...bad, glimpse: () => ({ findings: [], openFrom: 0 }) };
    const answer = streams(scriptedBody([eventText(chunkOf(`I like ${BAD}`))], "reset"));
    const seen = await watchStream({ answers: [answer], fast: [atTheEnd] });
    expect(seen.mistakes).toMatchObject([{ action: "block", releasedCharacters: 0 }]);
    expect(seen.choices).toEqual([]);
    expect(seen.error).not.toBeNull();
  });

  it("is fine without [DONE] once the answer is finished, and passes pings over", async () => {
    const pieces = [eventText({ type: "ping" }), ": comment\n\n", event, eventText(finish())];
    const seen = await watchStream({ answers: [streams(scriptedBody(pieces))], fast: [bad] });
    expect(seen).toMatchObject({ choices: [{ texts: { content: "Lamps give blue" } }], error: null, isDone: true });
  });

  it("gives its own error status to the client where nothing was sent", async () => {
    const seen = await watchStream({ answers: [() => Response.json({}, { status: 500 })], fast: [bad] });
    expect(seen.refused).toMatchObject({ status: 502 });
  });

  it("may know no streams: its whole answer is guarded all the same", async () => {
    const whole =
      (content: string): Answer =>
      () =>
        Response.json(completionOf({ content }));
    const seen = await watchStream({ answers: [whole("Lamps.")], fast: [bad] });
    expect(seen.choices).toMatchObject([{ texts: { content: "Lamps." }, finishReason: "stop" }]);
    const blocked = await watchStream({ answers: [whole(`A ${BAD}`)], fast: [bad] });
    expect(blocked.choices).toMatchObject([{ finishReason: "content_filter" }]);
  });
});
