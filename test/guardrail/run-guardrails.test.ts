// Running guardrails: every one of that side answers, whatever it throws.
import { describe, expect, it } from "vitest";
import type { Exchange } from "../../src/guardrail/exchange.ts";
import type { FastGuardrail, GuardrailCall, SlowGuardrail } from "../../src/guardrail/guardrail.ts";
import { runGuardrails } from "../../src/guardrail/run-guardrails.ts";
import type { Side } from "../../src/guardrail/verdict.ts";
import { judged } from "../../src/guardrail/verdicts.ts";
import { callOf } from "../fakes/guardrail-call.ts";
import { brokenGuardrail, phraseGuardrail } from "../fakes/phrase-guardrail.ts";
import { ScriptedModel } from "../fakes/scripted-model.ts";

const exchange: Exchange = {
  conversation: [{ role: "user", text: "a bad question", location: "messages[0].content" }],
  answer: [{ role: "assistant", text: "a bad answer", location: "content" }],
  guidance: [],
};
const call = callOf(new ScriptedModel("Hello."));

function slow(id: string, check: SlowGuardrail["check"], sides: readonly Side[] = ["input", "output"]): SlowGuardrail {
  return { id, version: "1", sides, categories: [], check };
}

describe("runGuardrails", () => {
  it("gives one verdict for each guardrail of the side, fast ones first, in the set's order", async () => {
    const fast = [
      phraseGuardrail("bad", "S1", { sides: ["input", "output"] }),
      phraseGuardrail("bad", "S2", { sides: ["output"] }),
    ];
    const passing = slow(
      "slow",
      async (_, side) => await Promise.resolve(judged({ id: "slow", version: "1" }, side, [])),
    );
    const ids = async (side: Side): Promise<string[]> =>
      (await runGuardrails({ fast, slow: [passing] }, exchange, side, call)).map(({ guardrail }) => guardrail);
    await expect(ids("input")).resolves.toEqual(["phrase-S1", "slow"]);
    await expect(ids("output")).resolves.toEqual(["phrase-S1", "phrase-S2", "slow"]);
  });

  it("turns what a guardrail throws into a verdict of status error, and runs the others", async () => {
    const rejecting = slow("rejecting", async () => await Promise.reject(new Error("no answer")));
    const set = { fast: [brokenGuardrail(["output"]), phraseGuardrail("bad", "S1")], slow: [rejecting] };
    const verdicts = await runGuardrails(set, exchange, "output", call);
    expect(verdicts.map(({ guardrail, side, status, reason }) => [guardrail, side, status, reason])).toEqual([
      ["broken", "output", "error", "Error: it broke"],
      ["phrase-S1", "output", "flag", null],
      ["rejecting", "output", "error", "Error: no answer"],
    ]);
  });

  it("takes a flag without a finding for an error: nobody could say what was flagged", async () => {
    const vague: FastGuardrail = {
      ...phraseGuardrail("bad", "S1"),
      check: (_, side) => ({ ...judged({ id: "vague", version: "1" }, side, []), status: "flag" }),
    };
    const [verdict] = await runGuardrails({ fast: [vague], slow: [] }, exchange, "output", call);
    expect(verdict).toMatchObject({ status: "error", findings: [] });
  });

  it("asks slow guardrails all at once, with what the call may use", async () => {
    const calls: GuardrailCall[] = [];
    let waiting = 0;
    let release: () => void = () => undefined;
    const everyone = new Promise<void>((resolve) => {
      release = resolve;
    });
    const meeting = (id: string): SlowGuardrail =>
      slow(id, async (_, side, given) => {
        calls.push(given);
        waiting += 1;
        // Each waits for the other: one after the other, they would wait for ever.
        if (waiting === 2) release();
        await everyone;
        return judged({ id, version: "1" }, side, []);
      });
    const verdicts = await runGuardrails({ fast: [], slow: [meeting("a"), meeting("b")] }, exchange, "input", call);
    expect(verdicts.map(({ guardrail }) => guardrail)).toEqual(["a", "b"]);
    expect(calls).toEqual([call, call]);
  });
});
