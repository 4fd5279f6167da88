// Why the edge classifier gave its score: what is told sums to the score itself.
import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { createEdgeClassifier } from "../../../src/guardrail/edge-classifier/edge-classifier.ts";
import { explainScore, type NgramWeight } from "../../../src/guardrail/edge-classifier/explain.ts";
import { namedNgrams } from "../../../src/guardrail/edge-classifier/named-ngrams.ts";
import { TextFeatures } from "../../../src/guardrail/edge-classifier/text-features.ts";
import { WEIGHTS } from "../../../src/guardrail/edge-classifier/weights.ts";
import { anyText } from "../../fixtures/arbitrary.ts";

const classifier = createEdgeClassifier(WEIGHTS);
const texts = fc.array(fc.oneof(anyText, fc.lorem({ maxCount: 20 })), { minLength: 1, maxLength: 3 });

function probability(bias: number, weights: readonly NgramWeight[]): number {
  return 1 / (1 + Math.exp(-weights.reduce((sum, { weight }) => sum + weight, bias)));
}

describe("named n-grams", () => {
  it("are the classifier's own, in its order, for any text", () => {
    fc.assert(
      fc.property(fc.oneof(anyText, fc.constant("ﬁne ½ Straße ǅ 𠀋𠀌 中文字 a\u200bb")), (text) => {
        const hashes: (readonly [number, number])[] = [];
        const features = new TextFeatures({ add: (hash, word) => hashes.push([hash, word]) });
        features.push(text);
        features.end();
        const named = namedNgrams(text);
        expect(named.map(({ hash, word }) => [hash, word])).toEqual(hashes);
        expect(named.every((ngram) => ngram.text !== "")).toBe(true);
      }),
      { numRuns: 300 },
    );
  });

  it("have the letters that a person reads", () => {
    const words = namedNgrams("Bake bread").map(({ text }) => text);
    expect(words).toEqual(expect.arrayContaining(["bake", "bake bread", "bread", "·ba", "·bake", "ead·"]));
    expect(namedNgrams("面包").map(({ text }) => text)).toContain("面 包");
  });
});

describe("explainScore", () => {
  it("sums to the prompt's score", () => {
    fc.assert(
      fc.property(texts, (prompt) => {
        const weights = explainScore(WEIGHTS, "input", prompt, []);
        expect(probability(WEIGHTS.bias.input, weights)).toBeCloseTo(classifier.promptProbability(prompt), 6);
      }),
    );
  });

  it("sums to the exchange's score", () => {
    fc.assert(
      fc.property(texts, texts, (prompt, answer) => {
        const weights = explainScore(WEIGHTS, "output", prompt, answer);
        const placed = answer.map((text, place) => [String(place), text] as const);
        const score = classifier.answerProbability(prompt, placed);
        expect(probability(WEIGHTS.bias.output, weights)).toBeCloseTo(score, 6);
      }),
    );
  });

  it("tells the heaviest first", () => {
    const weights = explainScore(WEIGHTS, "output", ["How do I bake bread?"], ["Mix flour, water and salt."]);
    const sizes = weights.map(({ weight }) => Math.abs(weight));
    expect(sizes).toEqual(sizes.toSorted((left, right) => right - left));
    expect(new Set(weights.map(({ part }) => part))).toEqual(new Set(["prompt", "answer"]));
  });
});
