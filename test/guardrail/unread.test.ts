// A judge that could read only a part of a text: what the policy makes of it, and what counts as read in a stream.
import { describe, expect, it } from "vitest";
import { decide } from "../../src/guardrail/decide.ts";
import type { SlowGuardrail } from "../../src/guardrail/guardrail.ts";
import { MOST_READ_CHARACTERS } from "../../src/guardrail/judges/judge-in-pieces.ts";
import { isUnread, unreadReason } from "../../src/guardrail/unread.ts";
import { failed, judged, skipped } from "../../src/guardrail/verdicts.ts";
import { DEFAULT_POLICY, type Policy } from "../../src/policy/policy.ts";
import { monitoredPolicy } from "../../src/policy/monitored-policy.ts";
import { judgeKeys } from "../fakes/judge-keys.ts";
import { scoredClassifier } from "../fakes/scored-classifier.ts";
import { chunkOf, eventText, scriptedBody, streams } from "../setup/event-stream.ts";
import { type SeenStream, type StreamScene, watchStream } from "../setup/guarded-stream.ts";

const IDENTITY = { id: "judge", version: "1" };
const UNREAD = skipped(IDENTITY, "output", unreadReason(10, 20));

/** Reads only the end of a long text, as all judges do. */
function judge(category: "S1" | "S9" = "S1"): SlowGuardrail {
  return {
    ...IDENTITY,
    sides: ["input", "output"],
    categories: [category],
    check: async ({ conversation, answer }, side) => {
      const texts = side === "input" ? conversation : answer;
      const length = texts.reduce((sum, { text }) => sum + text.length, 0);
      const isLong = length > MOST_READ_CHARACTERS;
      return await Promise.resolve(
        isLong ? skipped(IDENTITY, side, unreadReason(MOST_READ_CHARACTERS, length)) : judged(IDENTITY, side, []),
      );
    },
  };
}

describe("what a judge read only in part", () => {
  it("is told by the reason of a skipped check alone", () => {
    const others = [skipped(IDENTITY, "output", "certain"), failed(IDENTITY, "output", unreadReason(1, 2))];
    expect([UNREAD, ...others, judged(IDENTITY, "output", [])].map(isUnread)).toEqual([true, false, false, false]);
  });

  it.each<[Policy["on_guardrail_error"], "error" | "allow" | "block", "allow" | "block"]>([
    ["closed", "error", "block"],
    ["open", "error", "allow"],
    [{ default: "closed", S1: "open" }, "error", "allow"],
    [{ default: "open", S1: "closed" }, "error", "block"],
    ["closed", "allow", "allow"],
    ["open", "block", "block"],
  ])("under fail %j and on_unread %s is decided as %s", (failure, choice, action) => {
    const judges = [judgeKeys({ on_unread: choice })];
    const policy = { ...DEFAULT_POLICY, on_guardrail_error: failure, judges };
    const set = { fast: [], slow: [judge()] };
    expect(decide(policy, [UNREAD], set)).toEqual({ action });
    expect(decide(monitoredPolicy(policy), [UNREAD], set)).toEqual({ action: "allow" });
  });

  it("refuses a request that is too long, for good", async () => {
    const content = "a ".repeat(MOST_READ_CHARACTERS);
    const scene = (policy: Partial<Policy>): Promise<SeenStream> =>
      watchStream({
        answers: [streams(scriptedBody([eventText(chunkOf("Hello."), "[DONE]")]))],
        request: { messages: [{ role: "user", content }] },
        slow: [judge()],
        policy: { judges: [judgeKeys()], ...policy },
      });
    expect((await scene({})).refused).toEqual({ status: 400, code: "content_filter" });
    expect((await scene({ on_guardrail_error: "open" })).refused).toBeNull();
  });
});

describe("a stream longer than a judge reads at once", () => {
  const LONG = "lamps give light. ".repeat(3_000);

  async function watch(first: string, rest: Partial<StreamScene>): Promise<SeenStream> {
    const events = [...(`${first}${LONG}`.match(/.{1,3000}/gs) ?? []).map(chunkOf), "[DONE]"];
    return await watchStream({
      answers: [streams(scriptedBody(events.map((event) => eventText(event))))],
      slow: [judge()],
      ...rest,
    });
  }

  it("is whole where the judge has read it window by window", async () => {
    const { choices } = await watch("", { policy: { judges: [judgeKeys()] } });
    expect(choices).toMatchObject([{ texts: { content: LONG } }]);
    expect(choices[0]?.finishReason).not.toBe("content_filter");
  });

  it("is withheld from there on where the judge began too late to have read its beginning", async () => {
    const first = `score 0.1 ${"a ".repeat(5_000)}score 0.6 `;
    const scene = { fast: [scoredClassifier()], policy: { judges: [judgeKeys({ run: "uncertain" })] } };
    const { choices } = await watch(first, scene);
    expect(choices).toMatchObject([{ finishReason: "content_filter", action: "block" }]);
  });

  it("is withheld where a window was let pass that the judge failed to read", async () => {
    const late = { ...judge(), check: async () => await new Promise<never>(() => undefined) };
    const keys = judgeKeys({ on_timeout: "release_flagged", timeout_milliseconds: 50, on_unread: "block" });
    let calls = 0;
    const once: SlowGuardrail = {
      ...late,
      sides: ["output"],
      check: async (...given) => {
        calls += 1;
        return await (calls === 1 ? late.check() : judge().check(...given));
      },
    };
    const { choices } = await watch("", { slow: [once], policy: { judges: [keys] } });
    expect(choices).toMatchObject([{ finishReason: "content_filter", action: "block" }]);
  });
});
