// What the coverage matrix found in streams: leaks beside the texts, mixed answers, events behind the end, claims that were not true.
import { describe, expect, it } from "vitest";
import type { FastGuardrail, SlowGuardrail } from "../../../src/guardrail/guardrail.ts";
import { DEFAULT_POLICY, type Action, type Policy } from "../../../src/policy/policy.ts";
import { judgeKeys } from "../../fakes/judge-keys.ts";
import { brokenGuardrail, phraseGuardrail } from "../../fakes/phrase-guardrail.ts";
import { chunkOf, eventText, scriptedBody, streams } from "../../setup/event-stream.ts";
import { watchStream } from "../../setup/guarded-stream.ts";
import type { Answer } from "../../setup/upstream.ts";

const BAD = "blueberry pie";
const bad = phraseGuardrail(BAD, "custom:pie");

function policyOf(action: Action, changes: Partial<Policy> = {}): Partial<Policy> {
  return { actions: { ...DEFAULT_POLICY.actions, output: { default: action } }, ...changes };
}

function finish(index = 0): object {
  return { ...chunkOf(""), choices: [{ index, delta: {}, finish_reason: "stop" }] };
}

function chunk(delta: object, beside: object = {}, head: object = {}): object {
  return { ...chunkOf(""), ...head, choices: [{ index: 0, delta, ...beside, finish_reason: null }] };
}

/** Each event a read of its own. */
function sends(...events: readonly object[]): Answer {
  return streams(scriptedBody([...events, finish()].map((event) => eventText(event)).concat(eventText("[DONE]"))));
}

function says(...texts: readonly string[]): Answer {
  return sends(...texts.map(chunkOf));
}

/** All events in one read. */
function saysAtOnce(...events: readonly object[]): Answer {
  return streams(scriptedBody([eventText(...events, "[DONE]")]));
}

function logprobsOf(...tokens: readonly string[]): object {
  return { content: tokens.map((token) => ({ token, logprob: -1, bytes: null, top_logprobs: [] })), refusal: null };
}

describe("what stands beside the texts", () => {
  it("keeps log probabilities that repeat the chunk's own text, and drops those of another", async () => {
    const own = chunk({ content: "Hello " }, { logprobs: logprobsOf("Hel", "lo ") });
    const others = chunk({ role: "assistant", content: "" }, { logprobs: logprobsOf("blueberry", " pie") });
    const seen = await watchStream({ answers: [sends(others, own, chunkOf(BAD))], fast: [bad] });
    const sent = JSON.stringify(seen.events);
    expect(sent).toContain("Hel");
    expect(sent).toContain('"token":"lo "');
    expect(sent).not.toContain("blueberry");
    expect(seen.choices).toMatchObject([{ finishReason: "content_filter" }]);
  });

  it.each([
    ["the head", {}, { x_remark: `I like ${BAD} a lot` }],
    ["the choice", { x_remark: `I like ${BAD} a lot` }, {}],
  ])("blocks what should be cut out of a field of %s", async (_, beside, head) => {
    const answers = [sends(chunk({ content: "Fine. " }, beside, head))];
    const seen = await watchStream({ answers, fast: [bad], policy: policyOf("redact") });
    expect(seen.choices).toMatchObject([{ finishReason: "content_filter", action: "block" }]);
    expect(JSON.stringify(seen.events)).not.toContain("blueberry");
  });

  it("begins a repair without the fields of the answer that it mends", async () => {
    const spoilt = chunk({ content: "Well. " }, {}, { x_remark: "I like blue" });
    const rest = chunk({}, {}, { x_remark: "berry pie" });
    const answers = [sends(chunkOf("Well, "), chunkOf("so."), spoilt, rest), says("Lamps.")];
    const seen = await watchStream({ answers, fast: [bad], policy: policyOf("repair") });
    expect(seen.choices).toMatchObject([{ finishReason: "stop", action: "repair" }]);
    expect(JSON.stringify(seen.events)).not.toContain("berry");
  });

  it("cuts the name of a tool and lets the call pass", async () => {
    const call = { index: 0, id: "call_1", type: "function", function: { name: `bake_${BAD}`, arguments: "{}" } };
    const seen = await watchStream({
      answers: [sends(chunk({ tool_calls: [call] }))],
      fast: [bad],
      policy: policyOf("redact"),
    });
    expect(seen.choices).toMatchObject([
      { texts: { "call 0 name": "bake_[redacted]" }, finishReason: "stop", action: "redact" },
    ]);
  });
});

describe("the end of a stream", () => {
  const down = { ...brokenGuardrail(["output"]), glimpse: () => ({ findings: [], openFrom: 0 }) };

  it("comes once, whatever the other choices still say", async () => {
    const choices = [0, 1, 2].map((index) => ({ index, delta: { content: "Hi." }, finish_reason: "stop" }));
    const answers = [saysAtOnce({ ...chunkOf(""), choices })];
    const seen = await watchStream({ answers, fast: [down], request: { n: 3 } });
    expect(seen.error).toBe("guardrail_unavailable");
    expect(seen.events.filter((event) => "error" in event)).toHaveLength(1);
    expect(seen.events).toHaveLength(1);
    expect(seen.isDone).toBe(false);
  });

  it("hears nothing more of a repair that was flagged in its turn", async () => {
    const answers = [
      says("I like ", BAD),
      says("Still ", BAD, " and", " more", " of it"),
      says("Lamps", " give", " light."),
    ];
    const seen = await watchStream({ answers, fast: [bad], policy: policyOf("repair") });
    expect(seen.choices).toEqual([
      { texts: { content: "I like Still Lamps give light." }, finishReason: "stop", action: "repair" },
    ]);
    expect(seen.mistakes.map(({ action }) => action)).toEqual(["repair", "repair"]);
  });
});

describe("what is claimed", () => {
  it("is the characters that left, not those that were read", async () => {
    // With log probabilities a chunk leaves whole or not at all.
    const said = (...tokens: string[]): object =>
      chunk({ content: tokens.join("") }, { logprobs: logprobsOf(...tokens) });
    const answers = [sends(said("Well, "), said("I eat ", "blue"), said("berry ", "pie"))];
    const seen = await watchStream({ answers, fast: [bad] });
    expect(seen.choices).toMatchObject([{ texts: { content: "Well, " }, action: "block" }]);
    expect(seen.mistakes).toMatchObject([{ action: "block", releasedCharacters: 6 }]);
  });

  it("is the flag too where another guardrail failed in mode observe", async () => {
    const fast: readonly FastGuardrail[] = [brokenGuardrail(["output"]), bad];
    const seen = await watchStream({ answers: [says(BAD)], fast, policy: { stream_mode: "observe" } });
    expect(seen.choices).toEqual([{ texts: { content: BAD }, finishReason: "stop", action: "annotate" }]);
    expect(seen.mistakes).toMatchObject([{ action: "annotate" }]);
  });

  it("is the failure of a judge whose window came too late and whose policy blocks then", async () => {
    const judge: SlowGuardrail = {
      id: "judge",
      version: "1",
      sides: ["output"],
      categories: ["custom:pie"],
      check: async () => await new Promise(() => undefined),
    };
    const text = "Lamps give light. ".repeat(5);
    const body = scriptedBody([eventText(chunkOf(text))], "stall");
    const judges = [judgeKeys({ first_window_characters: 50, timeout_milliseconds: 50, on_timeout: "block" })];
    const seen = await watchStream({
      answers: [streams(body)],
      slow: [judge],
      policy: { judges },
    });
    expect(seen.choices).toEqual([{ texts: {}, finishReason: "content_filter", action: "block" }]);
    expect(JSON.stringify(seen.events)).toContain('"failed":[{"guardrail":"judge"');
    expect(seen.logger.of("guardrail_failed")).toHaveLength(1);
  });
});
