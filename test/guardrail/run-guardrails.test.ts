// Running guardrails: every one of that side answers, whatever it throws.
import { describe, expect, it } from "vitest";
import type { Exchange } from "../../src/guardrail/exchange.ts";
import type { FastGuardrail, SlowGuardrail } from "../../src/guardrail/guardrail.ts";
import { runFastGuardrails, runSlowGuardrail } from "../../src/guardrail/run-guardrails.ts";
import type { Side, Verdict } from "../../src/guardrail/verdict.ts";
import { judged } from "../../src/guardrail/verdicts.ts";
import { callOf } from "../fakes/guardrail-call.ts";
import { handClock } from "../fakes/hand-clock.ts";
import { brokenGuardrail, phraseGuardrail } from "../fakes/phrase-guardrail.ts";
import { ScriptedModel } from "../fakes/scripted-model.ts";

const exchange: Exchange = {
  conversation: [{ role: "user", text: "a bad question", location: "messages[0].content" }],
  answer: [{ role: "assistant", text: "a bad answer", location: "content" }],
  guidance: [],
};
const call = callOf(new ScriptedModel("Hello."));

function slow(id: string, check: SlowGuardrail["check"]): SlowGuardrail {
  return { id, version: "1", sides: ["input", "output"], categories: [], check };
}

describe("runFastGuardrails", () => {
  it("gives one verdict for each guardrail of the side, in the set's order", () => {
    const fast = [
      phraseGuardrail("bad", "S1", { sides: ["input", "output"] }),
      phraseGuardrail("bad", "S2", { sides: ["output"] }),
    ];
    const ids = (side: Side): string[] => runFastGuardrails(fast, exchange, side).map(({ guardrail }) => guardrail);
    expect(ids("input")).toEqual(["phrase-S1"]);
    expect(ids("output")).toEqual(["phrase-S1", "phrase-S2"]);
  });

  it("turns what a guardrail throws into a verdict of status error, and runs the others", () => {
    const verdicts = runFastGuardrails([brokenGuardrail(["output"]), phraseGuardrail("bad", "S1")], exchange, "output");
    expect(verdicts.map(({ guardrail, side, status, reason }) => [guardrail, side, status, reason])).toEqual([
      ["broken", "output", "error", "Error: it broke"],
      ["phrase-S1", "output", "flag", null],
    ]);
  });

  it("takes a flag without a finding for an error: nobody could say what was flagged", () => {
    const vague: FastGuardrail = {
      ...phraseGuardrail("bad", "S1"),
      check: (_, side) => ({ ...judged({ id: "vague", version: "1" }, side, []), status: "flag" }),
    };
    const [verdict] = runFastGuardrails([vague], exchange, "output");
    expect(verdict).toMatchObject({ status: "error", findings: [], latencyMilliseconds: null });
  });
});

describe("runSlowGuardrail", () => {
  const run = async (check: SlowGuardrail["check"]): Promise<Verdict> => {
    const { now, advance } = handClock();
    const timed: SlowGuardrail["check"] = async (...given) => {
      advance(40);
      return await check(...given);
    };
    return await runSlowGuardrail(slow("slow", timed), exchange, "output", { ...call, clock: now });
  };
  const identity = { id: "slow", version: "1" };

  it("says how long it took, whether it speaks or fails", async () => {
    const spoke = await run(async (_, side) => await Promise.resolve(judged(identity, side, [])));
    expect(spoke).toMatchObject({ status: "pass", latencyMilliseconds: 40 });
    const broke = await run(async () => await Promise.reject(new Error("no answer")));
    expect(broke).toMatchObject({ status: "error", reason: "Error: no answer", latencyMilliseconds: 40 });
  });

  it("bounds a judge's rationale", async () => {
    const verbose = await run(
      async (_, side) => await Promise.resolve({ ...judged(identity, side, []), rationale: "so ".repeat(9_000) }),
    );
    expect(verbose.rationale).toHaveLength(2_000);
  });
});
