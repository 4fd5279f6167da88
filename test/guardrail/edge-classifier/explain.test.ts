// Why a score is what it is. Law: the contributions are the score's own, named as the classifier reads them.
import { describe, expect, it } from "vitest";
import { createEdgeClassifier } from "../../../src/guardrail/edge-classifier/edge-classifier.ts";
import { explain } from "../../../src/guardrail/edge-classifier/explain.ts";
import { WEIGHTS } from "../../../src/guardrail/edge-classifier/weights.ts";
import type { Exchange } from "../../../src/guardrail/exchange.ts";

function exchangeOf(prompt: string, answer: string): Exchange {
  return {
    conversation: [{ role: "user", text: prompt, location: "messages[0].content" }],
    answer: [{ role: "assistant", text: answer, location: "content" }],
    guidance: [],
  };
}

const EXCHANGE = exchangeOf("How do I bake bread? 怎样做面包", "Mix flour, can't fail: café ﬁne 面包 and salt.");
const classifier = createEdgeClassifier(WEIGHTS);

function logit(probability: number): number {
  return Math.log(probability / (1 - probability));
}

function sum(side: "input" | "output"): number {
  return explain(WEIGHTS, EXCHANGE, side, Infinity).reduce((total, { contribution }) => total + contribution, 0);
}

describe("explain", () => {
  it("adds up to the score of an answer", () => {
    const probability = classifier.answerProbability(
      EXCHANGE.conversation.map(({ text }) => text),
      EXCHANGE.answer.map(({ text, location }) => [location, text] as const),
    );
    expect(WEIGHTS.bias.output + sum("output")).toBeCloseTo(logit(probability), 6);
  });

  it("adds up to the score of a request", () => {
    const probability = classifier.promptProbability(EXCHANGE.conversation.map(({ text }) => text));
    expect(WEIGHTS.bias.input + sum("input")).toBeCloseTo(logit(probability), 6);
  });

  it("names n-grams as they are read, the weightiest first, and no more than asked for", () => {
    const all = explain(WEIGHTS, EXCHANGE, "output", Infinity);
    const texts = all.map(({ text }) => text);
    for (const text of ["flour", "mix flour cant", " fl", "lour ", "cafe", "fine", "面 包", "how do i"]) {
      expect(texts).toContain(text);
    }
    const three = explain(WEIGHTS, EXCHANGE, "output", 3);
    expect(three).toEqual(all.slice(0, 3));
    const [first, second] = three.map(({ contribution }) => Math.abs(contribution));
    expect(first).toBeGreaterThanOrEqual(second ?? 0);
  });
});
