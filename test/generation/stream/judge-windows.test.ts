// Judges on streams: growing windows, nothing unjudged leaves, one window for a hard category and two for a soft one, deadlines.
import { describe, expect, it } from "vitest";
import type { SlowGuardrail } from "../../../src/guardrail/guardrail.ts";
import type { Judge } from "../../../src/policy/judge-policy.ts";
import type { Policy } from "../../../src/policy/policy.ts";
import { DEFAULT_POLICY } from "../../../src/policy/policy.ts";
import { judgeKeys } from "../../fakes/judge-keys.ts";
import { scriptedJudge } from "../../fakes/scripted-judge.ts";
import { chunkOf, eventText, scriptedBody, streams } from "../../setup/event-stream.ts";
import { watchStream } from "../../setup/guarded-stream.ts";
import type { Answer } from "../../setup/upstream.ts";

function policyOf(changes: Partial<Judge> = {}, rest: Partial<Policy> = {}): Partial<Policy> {
  return {
    judges: [judgeKeys({ first_window_characters: 50, timeout_milliseconds: 1_000, ...changes })],
    ...rest,
  };
}

/** Words of ten characters, each an event that comes a moment after the one before. */
function slowly(count: number, special: Readonly<Record<number, string>> = {}): Answer {
  const words = Array.from({ length: count }, (_, place) => special[place] ?? `word${String(place).padStart(5, "0")} `);
  const events = [...words.map(chunkOf), { ...chunkOf(""), choices: [{ index: 0, delta: {}, finish_reason: "stop" }] }];
  let place = 0;
  const body = new ReadableStream<Uint8Array>(
    {
      pull: async (controller) => {
        await new Promise((resolve) => setTimeout(resolve, 1));
        const event = events[place];
        place += 1;
        if (event === undefined) controller.close();
        else controller.enqueue(new TextEncoder().encode(eventText(event)));
      },
    },
    { highWaterMark: 0 },
  );
  return streams({ body, taken: () => place, cancelledAt: () => null });
}

const harmful = (text: string): boolean => text.includes("HARM");

describe("a judge on a stream", () => {
  it("reads growing windows and at last the whole answer, and what it read leaves in between", async () => {
    const judge = scriptedJudge();
    const seen = await watchStream({ answers: [slowly(40)], slow: [judge], policy: policyOf() });
    expect(seen.choices[0]?.texts["content"]).toHaveLength(400);
    expect(seen.events.length).toBeGreaterThan(3);
    const lengths = judge.read.map((text) => text.length);
    expect(lengths.length).toBeGreaterThan(2);
    expect(lengths.at(-1)).toBe(400);
    // Linear: the windows and the last check read each character a bounded number of times.
    expect(lengths.reduce((sum, length) => sum + length, 0)).toBeLessThan(4 * 400 + 250 * lengths.length);
  });

  it("lets nothing leave that it did not read", async () => {
    const judge = scriptedJudge({ milliseconds: 100_000 });
    const seen = await watchStream({
      answers: [slowly(20)],
      slow: [judge],
      policy: policyOf({ timeout_milliseconds: 200 }),
    });
    expect(seen.choices[0]?.texts ?? {}).toEqual({});
    expect(seen.error).toBe("guardrail_unavailable");
  });

  it("blocks on one window of a hard category", async () => {
    const judge = scriptedJudge({ flags: (text) => harmful(text) && text.length < 200, category: "S9" });
    const seen = await watchStream({ answers: [slowly(40, { 3: "HARM 12345" })], slow: [judge], policy: policyOf() });
    expect(seen.choices).toMatchObject([{ texts: {}, finishReason: "content_filter", action: "block" }]);
    expect(seen.mistakes).toMatchObject([{ action: "block", releasedCharacters: 0 }]);
  });

  it("needs two windows in a row for a soft category", async () => {
    const once = scriptedJudge({ flags: (text) => harmful(text) && text.length < 80, category: "S1" });
    const passed = await watchStream({ answers: [slowly(40, { 3: "HARM 12345" })], slow: [once], policy: policyOf() });
    expect(passed.choices).toMatchObject([{ finishReason: "stop" }]);
    expect(passed.choices[0]?.texts["content"]).toContain("HARM");
    const always = scriptedJudge({ flags: harmful, category: "S1" });
    const seen = await watchStream({ answers: [slowly(40, { 3: "HARM 12345" })], slow: [always], policy: policyOf() });
    expect(seen.choices).toMatchObject([{ texts: {}, finishReason: "content_filter", action: "block" }]);
  });

  it("is asked once more about the whole answer, and its word counts", async () => {
    const judge = scriptedJudge({ flags: (text) => harmful(text) && text.length > 150, category: "S1" });
    const answers = [slowly(16, { 3: "HARM 12345" })];
    const policy = policyOf({ first_window_characters: 100 });
    const seen = await watchStream({ answers, slow: [judge], policy });
    expect(seen.choices).toMatchObject([{ finishReason: "content_filter", action: "block" }]);
  });

  it.each<[Judge["on_timeout"], string | null, boolean]>([
    ["block", "content_filter", false],
    ["release_flagged", "stop", true],
  ])("a window that takes too long under %s ends in %s", async (onTimeout, finishReason, isReleased) => {
    let calls = 0;
    const judge = scriptedJudge();
    // The first window is the slow one.
    const late = {
      ...judge,
      check: async (...[exchange, side, call]: Parameters<SlowGuardrail["check"]>) => {
        calls += 1;
        if (calls > 1) return await judge.check(exchange, side, call);
        return await new Promise<never>(() => undefined);
      },
    };
    const seen = await watchStream({
      answers: [slowly(100)],
      slow: [late],
      policy: policyOf({ on_timeout: onTimeout, timeout_milliseconds: 50 }),
    });
    expect(seen.choices).toMatchObject([{ finishReason }]);
    expect(seen.choices[0]?.texts["content"]?.length ?? 0).toBe(isReleased ? 1_000 : 0);
    if (isReleased) expect(JSON.stringify(seen.events.at(-1))).toContain('"failed":[{"guardrail":"judge"');
  });

  it("that fails is a failure: closed ends the stream, open lets it pass and says so", async () => {
    const judge = scriptedJudge({ fails: true });
    const closed = await watchStream({ answers: [slowly(20)], slow: [judge], policy: policyOf() });
    expect(closed).toMatchObject({ error: "guardrail_unavailable" });
    const open = await watchStream({
      answers: [slowly(20)],
      slow: [judge],
      policy: policyOf({}, { on_guardrail_error: "open" }),
    });
    expect(open).toMatchObject({ error: null, choices: [{ finishReason: "stop", action: "allow" }] });
    expect(JSON.stringify(open.events.at(-1))).toContain('"failed":[{"guardrail":"judge"');
  });

  it("is asked only at the end in observe", async () => {
    const judge = scriptedJudge({ flags: harmful });
    const seen = await watchStream({
      answers: [slowly(20, { 3: "HARM 12345" })],
      slow: [judge],
      policy: policyOf({}, { stream_mode: "observe" }),
    });
    expect(judge.read).toHaveLength(1);
    expect(seen.choices).toMatchObject([{ finishReason: "stop", action: "annotate" }]);
  });
});

describe("a judge on the input", () => {
  const blocking: Partial<Policy> = { actions: { ...DEFAULT_POLICY.actions, input: { default: "block" } } };

  it("before the model: a block costs no upstream call", async () => {
    const judge = scriptedJudge({ flags: () => true, sides: ["input"] });
    const seen = await watchStream({ answers: [slowly(3)], slow: [judge], policy: { ...policyOf(), ...blocking } });
    expect(seen.refused).toEqual({ status: 400, code: "content_filter" });
    expect(seen.upstream.requests).toHaveLength(0);
    expect(seen.attacks).toMatchObject([{ upstreamStarted: false }]);
  });

  it("beside the model: a block aborts it, releases nothing, and says that it had begun", async () => {
    const judge = scriptedJudge({ flags: () => true, sides: ["input"], milliseconds: 5 });
    let isAborted = false;
    const answer: Answer = (_, signal) => {
      signal.addEventListener("abort", () => {
        isAborted = true;
      });
      const events = [eventText(chunkOf("Hello"))];
      return new Response(scriptedBody(events, "stall").body, { headers: { "content-type": "text/event-stream" } });
    };
    const policy = { ...policyOf({ input: "parallel" }), ...blocking };
    const seen = await watchStream({ answers: [answer], slow: [judge], policy });
    expect(seen.refused).toEqual({ status: 400, code: "content_filter" });
    expect(seen.upstream.requests).toHaveLength(1);
    expect(isAborted).toBe(true);
    expect(seen.attacks).toMatchObject([{ upstreamStarted: true }]);
  });

  it("beside the model, that passes, costs no time of its own", async () => {
    const judge = scriptedJudge({ sides: ["input"], milliseconds: 5 });
    const policy = { ...policyOf({ input: "parallel" }), ...blocking };
    const seen = await watchStream({ answers: [slowly(3)], slow: [judge], policy });
    expect(seen.choices).toMatchObject([{ finishReason: "stop" }]);
  });
});
