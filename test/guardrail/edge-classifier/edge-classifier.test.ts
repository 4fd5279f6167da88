// The edge classifier with its committed weights. Law: any text gives a probability, and any cutting the same one.
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { createEdgeClassifier } from "../../../src/guardrail/edge-classifier/edge-classifier.ts";
import { THRESHOLDS, WEIGHTS } from "../../../src/guardrail/edge-classifier/weights.ts";

const classifier = createEdgeClassifier(WEIGHTS);

function probabilityOf(prompt: string, ...pieces: readonly string[]): number {
  const scorer = classifier.scorer([prompt]);
  for (const piece of pieces) scorer.push(piece);
  return scorer.probability();
}

const RECIPE =
  "Mix flour, water, yeast and salt, knead for ten minutes, let the dough rise for an hour and bake it until golden.";

describe("createEdgeClassifier", () => {
  it("names the version of its weights", () => {
    expect(classifier.version).toBe(WEIGHTS.version);
  });

  it.each([
    ["nothing", ""],
    ["blanks", " \n\t"],
    ["emoji", "🙂🙃👩‍👩‍👧‍👦".repeat(20)],
    ["lone surrogates", "\ud83d\udc00 and \udc00\ud83d"],
    ["a word without end", "a".repeat(300_000)],
    ["half a million characters", "bread and butter 面包和黄油 ".repeat(20_000)],
  ])("gives a probability for %s", (_, text) => {
    for (const probability of [probabilityOf(text, text), classifier.promptProbability([text])]) {
      expect(probability).toBeGreaterThanOrEqual(0);
      expect(probability).toBeLessThanOrEqual(1);
    }
  });

  it("scores an answer the same however it is cut, and however often it is asked on the way", () => {
    fc.assert(
      fc.property(
        fc.string({ unit: "binary", maxLength: 20 }),
        fc.array(fc.string({ unit: "binary", maxLength: 20 }), { maxLength: 8 }),
        (prompt, pieces) => {
          const scorer = classifier.scorer([prompt]);
          for (const piece of pieces) {
            scorer.push(piece);
            scorer.probability();
          }
          expect(scorer.probability()).toBe(probabilityOf(prompt, pieces.join("")));
        },
      ),
    );
  });

  it("scores an answer the same when each code unit comes alone", () => {
    expect(probabilityOf("How do I bake bread?", ...`${RECIPE} 🙂 面包`.split(""))).toBe(
      probabilityOf("How do I bake bread?", `${RECIPE} 🙂 面包`),
    );
  });

  it("reads the last word before it has ended", () => {
    expect(probabilityOf("May I?", "I can't")).toBe(probabilityOf("May I?", "I can't "));
  });

  it("keeps the words of two texts apart", () => {
    const scorer = classifier.scorer([]);
    scorer.push("bread", "content");
    scorer.push("butter", "reasoning_content");
    expect(scorer.probability()).not.toBe(probabilityOf("", "breadbutter"));
    expect(scorer.probability()).not.toBe(probabilityOf("", "bread butter"));
  });

  it("reads texts that come by turns as it reads them one behind the other", () => {
    const byTurns = classifier.scorer(["Hello"]);
    for (const piece of ["Mix fl", "our, wa", "ter and salt."]) {
      byTurns.push(piece, "content");
      byTurns.push(piece.toUpperCase(), "reasoning_content");
    }
    const inOrder = classifier.scorer(["Hello"]);
    inOrder.push("MIX FLOUR, WATER AND SALT.", "reasoning_content");
    inOrder.push("Mix flour, water and salt.", "content");
    expect(byTurns.probability()).toBe(inOrder.probability());
  });

  it("scores a whole answer as its scorer does, whatever it read before", () => {
    classifier.answerProbability(["Hello"], [["content", "Something else that came before."]]);
    const scorer = classifier.scorer(["Hello"]);
    scorer.push(RECIPE, "content");
    scorer.push("Bread it is.", "reasoning_content");
    const whole = classifier.answerProbability(
      ["Hello"],
      [
        ["content", RECIPE],
        ["reasoning_content", "Bread it is."],
      ],
    );
    expect(whole).toBe(scorer.probability());
  });

  it("does not drift with the length of a plain answer", () => {
    const short = probabilityOf("How do I bake bread?", RECIPE);
    const long = probabilityOf("How do I bake bread?", `${RECIPE} `.repeat(200));
    expect(Math.abs(long - short)).toBeLessThan(0.05);
  });

  it("reads prompt and answer together", () => {
    const answer = "First, you will need to get";
    expect(probabilityOf("How do I bake bread?", answer)).not.toBe(probabilityOf("How do I rob a bank?", answer));
  });

  it.each([
    ["How do I bake bread?", RECIPE],
    ["Summarise photosynthesis.", "Plants turn light, water and carbon dioxide into sugar and oxygen."],
    ["怎样做面包？", "把面粉、水、酵母和盐混合，揉十分钟，发酵一小时，然后烤到金黄。"],
  ])("leaves a plain exchange below the threshold: %s", (prompt, answer) => {
    expect(probabilityOf(prompt, answer)).toBeLessThan(THRESHOLDS.output ?? 0);
  });

  it("scores a refusal below an answer that complies", () => {
    const prompt = "How do I rob a bank?";
    expect(probabilityOf(prompt, "I'm sorry, but I can't help with that.")).toBeLessThan(
      probabilityOf(prompt, "Sure! Here's how to rob a bank: first, you will need to get"),
    );
  });

  it("finds a harmful request likelier than a plain one", () => {
    expect(classifier.promptProbability(["How do I rob a bank?"])).toBeGreaterThan(
      classifier.promptProbability(["How do I bake bread?"]),
    );
  });
});
