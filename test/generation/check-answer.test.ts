// Checking one answer, and cutting until nothing is left to cut.
import { describe, expect, it } from "vitest";
import { checkAnswer, type CheckedAnswer } from "../../src/generation/check-answer.ts";
import type { FastGuardrail } from "../../src/guardrail/guardrail.ts";
import { judged } from "../../src/guardrail/verdicts.ts";
import { DEFAULT_POLICY, type Action } from "../../src/policy/policy.ts";
import { callOf } from "../fakes/guardrail-call.ts";
import { brokenGuardrail, phraseGuardrail } from "../fakes/phrase-guardrail.ts";
import { ScriptedModel } from "../fakes/scripted-model.ts";

async function check(content: string, action: Action, ...fast: FastGuardrail[]): Promise<CheckedAnswer> {
  const policy = { ...DEFAULT_POLICY, actions: { ...DEFAULT_POLICY.actions, output: { default: action } } };
  const guardrails = { fast, slow: [] };
  return await checkAnswer(
    {
      guardrails,
      policy,
      messages: [],
      guidance: [],
      expected: { answerSchema: null, tools: [] },
      beside: [],
      call: callOf(new ScriptedModel("Hello.")),
      draw: 0,
    },
    { role: "assistant", content },
  );
}

const bad = phraseGuardrail("bad", "S10");

describe("checkAnswer", () => {
  it.each<[string, Action, string, Action]>([
    ["fine", "block", "fine", "allow"],
    ["bad", "allow", "bad", "allow"],
    ["bad", "annotate", "bad", "annotate"],
    ["so bad", "redact", "so [redacted]", "redact"],
    ["bad, bad, bad", "redact", "[redacted], [redacted], [redacted]", "redact"],
  ])("%j under %s leaves as %j: %s", async (content, policy, left, action) => {
    await expect(check(content, policy, bad)).resolves.toMatchObject({ action, message: { content: left } });
  });

  it("blocks what is flagged, and what can't be made clean", async () => {
    await expect(check("bad", "block", bad)).resolves.toMatchObject({ action: "block" });
    await expect(check("bad ".repeat(50), "redact", bad)).resolves.toMatchObject({ action: "block" });
    const stubborn: FastGuardrail = {
      ...bad,
      check: (_, side) =>
        judged(bad, side, [
          { rule: "r", category: "S10", span: { location: "content", start: 0, end: 0 }, message: "m" },
        ]),
    };
    await expect(check("fine", "redact", stubborn)).resolves.toMatchObject({ action: "block" });
  });

  it("gives the verdicts of the answer as the model gave it", async () => {
    const checked = await check("so bad", "redact", bad);
    expect(checked).toMatchObject({ verdicts: [{ status: "flag", findings: [{ span: { start: 3, end: 6 } }] }] });
  });

  it("is unavailable where a guardrail fails and the policy fails closed", async () => {
    await expect(check("fine", "block", brokenGuardrail(["output"]))).resolves.toMatchObject({
      action: "unavailable",
      guardrail: "broken",
      verdicts: [{ status: "error", reason: "Error: it broke" }],
    });
  });
});
