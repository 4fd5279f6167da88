// A refusal is a mistake only where the request is clearly benign: no cue, no flag, a low score, a language that is known.
import { describe, expect, it } from "vitest";
import { createOverRefusalGuardrail } from "../../../src/guardrail/refusal/over-refusal-guardrail.ts";
import { judged } from "../../../src/guardrail/verdicts.ts";
import type { FastGuardrail } from "../../../src/guardrail/guardrail.ts";
import { phraseGuardrail } from "../../fakes/phrase-guardrail.ts";
import { answering, conversationOf } from "../exchange-of.ts";

const REFUSAL = "I'm sorry, but I can't assist with that.";
const BENIGN = "What is the best way to water the plants on my balcony?";

const scoring = (score: number): FastGuardrail => ({
  id: "scorer",
  version: "1",
  sides: ["input"],
  categories: [],
  check: (_, side) => judged({ id: "scorer", version: "1" }, side, [], { score, threshold: 1 }),
});

function statusOf(prompt: string, answer: string, looks: readonly FastGuardrail[] = [scoring(0.1)]): string {
  const guardrail = createOverRefusalGuardrail({ guardrails: looks, scoreBelow: 0.3 });
  return guardrail.check(answering(answer, conversationOf(["user", prompt])), "output").status;
}

describe("the guardrail of over-refusals", () => {
  it("flags a refusal of a clearly benign request, with the sentence that refuses", () => {
    const guardrail = createOverRefusalGuardrail({ guardrails: [scoring(0.1)] });
    const verdict = guardrail.check(answering(REFUSAL, conversationOf(["user", BENIGN])), "output");
    expect(verdict).toMatchObject({
      status: "flag",
      findings: [{ category: "over_refusal", rule: "refusal", span: { location: "content", start: 0 } }],
    });
    expect(guardrail.sides).toEqual(["output"]);
  });

  it("takes OpenAI's own field for a refusal, whatever it says", () => {
    const exchange = answering("Not today.", conversationOf(["user", BENIGN]), "refusal");
    const { findings } = createOverRefusalGuardrail({ guardrails: [] }).check(exchange, "output");
    expect(findings).toMatchObject([{ rule: "refusal-field", span: { location: "refusal", start: 0, end: 10 } }]);
  });

  it("knows a Chinese request and its refusal", () => {
    expect(statusOf("请问阳台上的植物应该怎么浇水？", "很抱歉，我无法提供这方面的帮助。")).toBe("flag");
  });

  it.each<[string, string, (readonly FastGuardrail[])?]>([
    ["a request with a cue of harm", "What is the best way to poison the plants of my neighbour?"],
    ["a cue in disguise", "What is the best way to p\u200boison the plants on my balcony?"],
    ["a cue in Chinese", "请问怎么给邻居的植物下毒？"],
    ["a score that is not far below", BENIGN, [scoring(0.3)]],
    ["a flag on the input", BENIGN, [scoring(0.1), phraseGuardrail("balcony", "custom:test", { sides: ["input"] })]],
    ["a language that the cues do not know", "Quel est le meilleur moyen d'arroser mes plantes vertes ?"],
    ["hardly any words", "water?"],
    ["a very long request", "What is the best way to water it? ".repeat(200)],
  ])("is silent about %s", (_, prompt, looks) => {
    expect(statusOf(prompt, REFUSAL, looks)).toBe("pass");
  });

  it("is silent about an answer, a partial refusal and a call of a tool", () => {
    expect(statusOf(BENIGN, "Water them in the evening.")).toBe("pass");
    expect(statusOf(BENIGN, "I can't say it all, but here is a list:\n1. a\n2. b\n3. c")).toBe("pass");
    const before = conversationOf(["user", BENIGN]);
    const call = { role: "assistant", text: "{}", location: "tool_calls[0].function.arguments" } as const;
    const exchange = { ...answering(REFUSAL, before), answer: [...answering(REFUSAL).answer, call] };
    expect(createOverRefusalGuardrail({ guardrails: [] }).check(exchange, "output").status).toBe("pass");
  });

  it("is silent where no user asked anything", () => {
    const exchange = answering(REFUSAL, conversationOf(["system", BENIGN]));
    expect(createOverRefusalGuardrail({ guardrails: [] }).check(exchange, "output").status).toBe("pass");
  });
});
