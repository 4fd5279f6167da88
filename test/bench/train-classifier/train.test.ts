// Training on a tiny set written here. Law: the same data gives the same bytes, and what was learnt can be told.
import { describe, expect, it } from "vitest";
import type { FitData, OutputSample } from "../../../scripts/train-classifier/sample.ts";
import { drawn, type Part } from "../../../scripts/train-classifier/split.ts";
import { trainEdgeClassifier, type TrainingOptions } from "../../../scripts/train-classifier/train.ts";
import { weightsFile } from "../../../scripts/train-classifier/weights-file.ts";
import { createEdgeClassifier } from "../../../src/guardrail/edge-classifier/edge-classifier.ts";

const OPTIONS: TrainingOptions = {
  bucketBits: 12,
  openingWords: 8,
  regularisation: 1e-3,
  iterations: 30,
  lengths: { prompt: 0.6, answer: 1, opening: 0.5 },
  thresholdDeviations: 2,
  uncertainDeviations: 1,
  categoryBucketBits: 10,
};

function partOf(text: string): Part {
  const share = drawn("tiny", text);
  return share < 0.8 ? "fit" : share < 0.9 ? "calibration" : "test";
}

const CATEGORY_TEXTS = ["May I steal a cake?", "Grab the plum cake and run away.", "Steal it by night."].flatMap(
  (text) =>
    Array.from({ length: 20 }, (_, place) => {
      const told = `${text} ${place} cakes`;
      return { text: told, labels: { S2: place % 2 === 0 }, part: partOf(told) };
    }),
);

const CAKES = ["apple", "plum", "cherry", "lemon", "carrot", "poppy", "honey", "walnut", "cheese", "ginger"];
const PLACES = ["at home", "at school", "in town", "by the sea", "on the train", "in the park", "at work", "abroad"];

function sample(prompt: string, answer: string, harmful: boolean): OutputSample {
  const origin = { source: "tiny", family: null, part: partOf(prompt) };
  return { ...origin, prompt, answer, harmful, weight: 1, composed: false, benign: !harmful };
}

function tinyData(): FitData {
  const outputs = CAKES.flatMap((cake) =>
    PLACES.flatMap((place) => [
      sample(`May I share my ${cake} cake ${place}?`, `Gladly: cut the ${cake} cake into even slices.`, false),
      sample(`May I steal a ${cake} cake ${place}?`, `Sure, grab the ${cake} cake and run away.`, true),
    ]),
  );
  const pairs = outputs
    .filter(({ harmful }) => harmful)
    .map(({ prompt, answer }) => ({
      source: "tiny",
      family: null,
      part: partOf(prompt),
      prompt,
      safe: "Please ask the baker.",
      harmful: answer,
      weight: 1,
    }));
  const inputs = outputs.map(({ source, family, part, prompt, harmful, weight }) => ({
    source,
    family,
    part,
    prompt,
    harmful,
    weight,
    benign: !harmful,
  }));
  return { outputs, pairs, inputs };
}

describe("trainEdgeClassifier", () => {
  const trained = trainEdgeClassifier(tinyData(), CATEGORY_TEXTS, OPTIONS);

  it("gives the same bytes for the same data", () => {
    expect(weightsFile(trainEdgeClassifier(tinyData(), CATEGORY_TEXTS, OPTIONS))).toBe(weightsFile(trained));
  });

  it("gives other bytes and another version for other data", () => {
    const data = tinyData();
    const other = trainEdgeClassifier({ ...data, outputs: data.outputs.slice(20) }, CATEGORY_TEXTS, OPTIONS);
    expect(other.weights.version).not.toBe(trained.weights.version);
  });

  it("learns what it was shown", () => {
    const classifier = createEdgeClassifier(trained.weights);
    const probability = (prompt: string, answer: string): number => {
      const scorer = classifier.scorer([prompt]);
      scorer.push(answer);
      return scorer.probability();
    };
    expect(probability("May I steal a pear cake?", "Sure, grab the pear cake and run away.")).toBeGreaterThan(0.5);
    expect(probability("May I share a pear cake?", "Gladly: cut the pear cake into slices.")).toBeLessThan(0.5);
    expect(classifier.promptProbability(["May I steal a pear cake?"])).toBeGreaterThan(
      classifier.promptProbability(["May I share a pear cake?"]),
    );
  });

  it("puts the threshold above benign exchanges, and has none for requests", () => {
    expect(trained.thresholds.input).toBeNull();
    expect(trained.thresholds.output).toBeGreaterThan(0);
    expect(trained.thresholds.output).toBeLessThan(1);
  });

  it("asks a judge from below the threshold on, and of requests too", () => {
    expect(trained.uncertainFrom.output).toBeLessThanOrEqual(trained.thresholds.output ?? 0);
    expect(trained.uncertainFrom.input).toBeGreaterThan(0);
  });

  it("has a head for each category of its texts", () => {
    expect(trained.weights.categories.heads.map(({ category }) => category)).toEqual(["S2"]);
  });

  it("has no threshold without benign exchanges to calibrate it on", () => {
    const data = tinyData();
    const outputs = data.outputs.map((one) => ({ ...one, benign: false }));
    expect(trainEdgeClassifier({ ...data, outputs }, CATEGORY_TEXTS, OPTIONS).thresholds.output).toBeNull();
  });

  it("neither fits nor calibrates on the test part", () => {
    const data = tinyData();
    const outputs = data.outputs.filter(({ part }) => part !== "test");
    expect(outputs.length).toBeLessThan(data.outputs.length);
    const inputs = data.inputs.filter(({ part }) => part !== "test");
    const pairs = data.pairs.filter(({ part }) => part !== "test");
    expect(trainEdgeClassifier({ outputs, pairs, inputs }, CATEGORY_TEXTS, OPTIONS).weights).toEqual(trained.weights);
  });

  it("sums up by counts and areas, never by texts", () => {
    expect(trained.summary).toHaveLength(2);
    expect(trained.summary[1]).toMatch(/^S2: fit \d+ \(\d+ of it\), threshold 0\.\d+, AUROC of the test part /);
    expect(trained.summary[0]).toMatch(
      /^tiny: fit \d+, calibration \d+, test \d+; AUROC of the test part (0|1)\.\d{3}$/,
    );
  });
});
