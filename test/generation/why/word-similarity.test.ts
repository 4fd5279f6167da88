// How alike texts are, by their words.
import * as fc from "fast-check";
import { expect, it } from "vitest";
import { similarity, wordsOf, wordWeights } from "../../../src/generation/why/word-similarity.ts";
import { anyText } from "../../fixtures/arbitrary.ts";

it("is 1 for the same words, 0 for none in common, and symmetric", () => {
  fc.assert(
    fc.property(anyText, anyText, (left, right) => {
      const [one, two] = [wordsOf(left), wordsOf(right)];
      const weightOf = wordWeights([one, two]);
      const alike = similarity(one, two, weightOf);
      expect(alike).toBe(similarity(two, one, weightOf));
      expect(alike).toBeGreaterThanOrEqual(0);
      expect(alike).toBeLessThanOrEqual(1);
      expect(alike > 0).toBe([...one].some((word) => two.has(word)));
      expect(similarity(one, one, weightOf)).toBe(one.size === 0 ? 0 : 1);
    }),
  );
});

it("takes rare words for more than common ones, and Han characters for words", () => {
  const [one, common, rare] = ["the lamp", "the table", "a lamp"].map(wordsOf);
  const others = ["the cat", "the dog", "the sun"].map(wordsOf);
  if (one === undefined || common === undefined || rare === undefined) throw new Error("there are three");
  const weightOf = wordWeights([one, common, rare, ...others]);
  expect(similarity(one, rare, weightOf)).toBeGreaterThan(similarity(one, common, weightOf));
  expect([...wordsOf("退款 Refund!")]).toEqual(["退", "款", "refund"]);
});
