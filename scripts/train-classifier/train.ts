// Fits, quantises and calibrates an edge classifier.
// Law: the same data and options give the same bytes; calibration data is never fitted, test data is neither.
import { createHash } from "node:crypto";
import { areaUnderRoc } from "../../bench/detect-metrics.ts";
import {
  BLOCKS,
  type Block,
  type EdgeThresholds,
  type EdgeWeights,
} from "../../src/guardrail/edge-classifier/edge-weights.ts";
import { normalQuantile } from "./calibration.ts";
import type { CategoryText } from "./category-data.ts";
import { trainCategoryHeads, type TrainedHeads } from "./category-heads.ts";
import { fitHead, type Head, type HeadOptions, type Labelled } from "./head.ts";
import type { Row } from "./logistic-regression.ts";
import type { Quantised } from "./quantise.ts";
import type { FitData, InputSample, OutputSample } from "./sample.ts";
import { difference, distinctBuckets, sparseVector, type SparseVector } from "./sparse-vector.ts";
import type { Part } from "./split.ts";

export interface TrainingOptions extends HeadOptions {
  readonly openingWords: number;
  /** lengths of the blocks' vectors, see BlockText */
  readonly lengths: { readonly prompt: number; readonly answer: number; readonly opening: number };
  /** how far above the mean of benign calibration rows a threshold lies, in standard deviations */
  readonly thresholdDeviations: number;
  /** the same, of the score from which on a judge is asked */
  readonly uncertainDeviations: number;
  readonly categoryBucketBits: number;
}

export interface Trained {
  readonly weights: EdgeWeights;
  readonly thresholds: EdgeThresholds;
  /** where the band in which a judge is asked begins; it ends at the threshold */
  readonly uncertainFrom: EdgeThresholds;
  /** rows of each source and part, and how well the test part is told apart; never texts */
  readonly summary: readonly string[];
}

function outputVector(prompt: string, answer: string, options: TrainingOptions): SparseVector {
  const { bucketBits, openingWords, lengths } = options;
  return sparseVector(
    [
      { buckets: distinctBuckets(prompt, bucketBits), length: lengths.prompt },
      { buckets: distinctBuckets(answer, bucketBits), length: lengths.answer },
      { buckets: distinctBuckets(answer, bucketBits, openingWords), length: lengths.opening },
    ],
    bucketBits,
  );
}

function fitOutput(data: FitData, options: TrainingOptions): Head {
  const rowOf = ({ prompt, answer, harmful, weight }: OutputSample): Labelled => {
    return { vector: outputVector(prompt, answer, options), positive: harmful, weight };
  };
  const samples = data.outputs.filter(({ part }) => part === "fit");
  const pairs = data.pairs.filter(({ part }) => part === "fit");
  const rows: Row[] = [
    ...samples.map((sample) => ({ ...rowOf(sample), preference: false })),
    ...pairs.map(({ prompt, safe, harmful, weight }) => {
      const vector = difference(outputVector(prompt, harmful, options), outputVector(prompt, safe, options));
      return { vector, positive: true, weight, preference: true };
    }),
  ];
  const calibrationRows = data.outputs.filter(({ part, composed }) => !composed && part === "calibration");
  return fitHead(rows, calibrationRows.map(rowOf), 3, options);
}

function inputVector(prompt: string, { bucketBits }: TrainingOptions): SparseVector {
  return sparseVector([{ buckets: distinctBuckets(prompt, bucketBits), length: 1 }], bucketBits);
}

function fitInput(data: FitData, options: TrainingOptions): Head {
  const rowOf = ({ prompt, harmful, weight }: InputSample): Labelled => {
    return { vector: inputVector(prompt, options), positive: harmful, weight };
  };
  const of = (part: Part): InputSample[] => data.inputs.filter((sample) => sample.part === part);
  const rows = of("fit").map((sample) => ({ ...rowOf(sample), preference: false }));
  return fitHead(rows, of("calibration").map(rowOf), 1, options);
}

function calibratedLogit({ score, calibration }: Head, vector: SparseVector): number {
  return calibration.slope * score(vector) + calibration.intercept;
}

/** The probability that lies so many deviations above the mean of benign calibration rows; null where there are none. */
function aboveBenign(head: Head, benign: readonly SparseVector[], deviations: number): number | null {
  if (benign.length === 0) return null;
  const logits = benign.map((vector) => calibratedLogit(head, vector));
  const probability = 1 / (1 + Math.exp(-normalQuantile(logits, deviations)));
  // Upwards: a threshold of 0 would flag everything.
  return Math.max(1, Math.ceil(probability * 1000)) / 1000;
}

function benignOutputs(data: FitData, options: TrainingOptions): SparseVector[] {
  return data.outputs
    .filter(({ part, benign }) => benign && part === "calibration")
    .map(({ prompt, answer }) => outputVector(prompt, answer, options));
}

function benignInputs(data: FitData, options: TrainingOptions): SparseVector[] {
  return data.inputs
    .filter(({ part, benign }) => benign && part === "calibration")
    .map(({ prompt }) => inputVector(prompt, options));
}

function assemble(input: Head, output: Head, categories: TrainedHeads, options: TrainingOptions): EdgeWeights {
  const { lengths, bucketBits, openingWords } = options;
  const heads: Record<Block, { head: Head; block: Quantised | undefined; length: number }> = {
    inputPrompt: { head: input, block: input.blocks[0], length: 1 },
    outputPrompt: { head: output, block: output.blocks[0], length: lengths.prompt },
    outputAnswer: { head: output, block: output.blocks[1], length: lengths.answer },
    outputOpening: { head: output, block: output.blocks[2], length: lengths.opening },
  };
  const scale = (block: Block): number => {
    const { head, block: quantised, length } = heads[block];
    return head.calibration.slope * (quantised?.scale ?? 0) * length;
  };
  const bias = ({ bias, calibration }: Head): number => calibration.slope * bias + calibration.intercept;
  const numbers = {
    bucketBits,
    openingWords,
    bias: { input: bias(input), output: bias(output) },
    scale: {
      inputPrompt: scale("inputPrompt"),
      outputPrompt: scale("outputPrompt"),
      outputAnswer: scale("outputAnswer"),
      outputOpening: scale("outputOpening"),
    },
    table: Buffer.concat(BLOCKS.map((block) => Uint8Array.from(heads[block].block?.bytes ?? []))).toString("base64"),
    categories: categories.heads,
  };
  const version = createHash("sha256").update(JSON.stringify(numbers)).digest("hex").slice(0, 12);
  return { version, ...numbers };
}

function summarise(head: Head, data: FitData, options: TrainingOptions): string[] {
  const sources = [...new Set(data.outputs.map(({ source }) => source))];
  return sources.map((source) => {
    const samples = data.outputs.filter((sample) => sample.source === source);
    const of = (part: Part): OutputSample[] => samples.filter((sample) => sample.part === part);
    const test = of("test");
    const scores = test.map(({ prompt, answer }) => head.score(outputVector(prompt, answer, options)));
    const area = areaUnderRoc(
      scores,
      test.map(({ harmful }) => harmful),
    );
    const sizes = `fit ${of("fit").length}, calibration ${of("calibration").length}, test ${test.length}`;
    return `${source}: ${sizes}; AUROC of the test part ${area === null ? "–" : area.toFixed(3)}`;
  });
}

export function trainEdgeClassifier(
  data: FitData,
  categoryTexts: readonly CategoryText[],
  options: TrainingOptions,
): Trained {
  const input = fitInput(data, options);
  const output = fitOutput(data, options);
  const categories = trainCategoryHeads(categoryTexts, { ...options, bucketBits: options.categoryBucketBits });
  const outputs = benignOutputs(data, options);
  return {
    weights: assemble(input, output, categories, options),
    // A request alone is flagged by no score of ours: the band in which a judge is asked has no upper end there.
    thresholds: { input: null, output: aboveBenign(output, outputs, options.thresholdDeviations) },
    uncertainFrom: {
      input: aboveBenign(input, benignInputs(data, options), options.uncertainDeviations),
      output: aboveBenign(output, outputs, options.uncertainDeviations),
    },
    summary: [...summarise(output, data, options), ...categories.summary],
  };
}
