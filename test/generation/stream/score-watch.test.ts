// A running score that breaks while an answer comes: an error, told once, that the policy decides on; nothing leaves behind it under
// fail closed.
import { describe, expect, it } from "vitest";
import type { FastGuardrail, Follower } from "../../../src/guardrail/guardrail.ts";
import { judged } from "../../../src/guardrail/verdicts.ts";
import type { Policy } from "../../../src/policy/policy.ts";
import { chunkOf, eventText, scriptedBody, streams } from "../../setup/event-stream.ts";
import { type SeenStream, watchStream } from "../../setup/guarded-stream.ts";

const BEFORE = "lamps give light. ".repeat(10);
const ANSWER = `${BEFORE}BOOM ${"and so on. ".repeat(120)}`;
const FLAG = { rule: "r", category: "S1", span: null, message: "m" } as const;

type Broken = "follow" | "push" | "verdict" | "finding";

function breaking(where: Broken | "nowhere", id = "score"): FastGuardrail {
  const identity = { id, version: "1" };
  const breaksIf = (isBroken: boolean): void => {
    if (isBroken) throw new Error("it broke");
  };
  return {
    ...identity,
    sides: ["output"],
    categories: ["S1"],
    check: (_, side) => judged(identity, side, []),
    follow: (): Follower => {
      breaksIf(where === "follow");
      let text = "";
      return {
        push: (piece) => {
          text += piece;
          breaksIf(where === "push" && text.includes("BOOM"));
        },
        verdict: () => {
          breaksIf(where === "verdict");
          const verdict = judged(identity, "output", where === "nowhere" && text.length > 500 ? [FLAG] : []);
          return where === "finding" ? { ...verdict, status: "flag" } : verdict;
        },
      };
    },
  };
}

async function watch(failure: Policy["on_guardrail_error"], fast: readonly FastGuardrail[]): Promise<SeenStream> {
  const events = [...(ANSWER.match(/.{1,20}/gs) ?? []).map(chunkOf), "[DONE]"];
  return await watchStream({
    answers: [streams(scriptedBody(events.map((event) => eventText(event))))],
    fast,
    policy: { on_guardrail_error: failure },
  });
}

describe("a running score that breaks", () => {
  it.each<[Broken, number]>([
    ["follow", 0],
    ["push", BEFORE.length],
    ["verdict", 400],
    ["finding", 400],
  ])("in %s ends the stream under fail closed, and lets nothing leave from there on", async (where, most) => {
    const { choices, error, logger } = await watch("closed", [breaking(where)]);
    expect(error).toBe("guardrail_unavailable");
    expect(choices[0]?.texts["content"]?.length ?? 0).toBeLessThanOrEqual(most);
    expect(logger.of("guardrail_failed")).toMatchObject([{ fields: { guardrail: "score", side: "output" } }]);
  });

  it.each<Broken>(["follow", "push", "verdict", "finding"])(
    "in %s lets the answer pass under fail open, and says so once",
    async (where) => {
      const { choices, events, error, logger } = await watch("open", [breaking(where)]);
      expect(error).toBeNull();
      expect(choices).toMatchObject([{ texts: { content: ANSWER } }]);
      expect(JSON.stringify(events.at(-1))).toContain('"failed":[{"guardrail":"score"');
      expect(logger.of("guardrail_failed")).toHaveLength(1);
    },
  );

  it("silences no other score", async () => {
    const { choices } = await watch("open", [breaking("follow"), breaking("nowhere", "other")]);
    expect(choices).toMatchObject([{ finishReason: "content_filter", action: "block" }]);
    expect(choices[0]?.texts["content"]?.length ?? 0).toBeLessThan(920);
  });
});
