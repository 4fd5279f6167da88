// Fits one head a category: a logistic regression over the n-grams of request and answer together.
// Law: fitted on the fit part; slope, intercept and threshold come from the calibration part, as the bytes will be read.
import { areaUnderRoc } from "../../bench/detect-metrics.ts";
import {
  HEAD_CATEGORIES,
  type CategoryHead,
  type CategoryHeads,
} from "../../src/guardrail/edge-classifier/category-heads.ts";
import type { CategoryText, HeadCategory } from "./category-data.ts";
import { fitHead, type HeadOptions, type Labelled } from "./head.ts";
import { distinctBuckets, sparseVector } from "./sparse-vector.ts";
import type { Part } from "./split.ts";

export interface TrainedHeads {
  readonly heads: CategoryHeads;
  /** rows and areas of the held-out parts; never texts */
  readonly summary: readonly string[];
}

/** Some categories have a handful of held-out texts: no lower threshold is believed. */
const LOWEST_THRESHOLD = 0.2;
const THRESHOLD_STEPS = 80;

/** Where F1 is highest on held-out rows, in hundredths. */
function bestThreshold(probabilities: readonly number[], positives: readonly boolean[]): number {
  const f1 = (threshold: number): number => {
    const flagged = probabilities.flatMap((probability, row) => (probability >= threshold ? [positives[row]] : []));
    const hits = flagged.filter((positive) => positive === true).length;
    return (2 * hits) / Math.max(1, flagged.length + positives.filter(Boolean).length);
  };
  const steps = Array.from({ length: THRESHOLD_STEPS }, (_, step) => LOWEST_THRESHOLD + step / 100);
  return steps.reduce((best, threshold) => (f1(threshold) > f1(best) ? threshold : best), 0.5);
}

function fitCategory(category: HeadCategory, texts: readonly CategoryText[], options: HeadOptions) {
  const rowsOf = (part: Part): Labelled[] =>
    texts.flatMap(({ text, labels, part: partOfText }) => {
      const positive = labels[category];
      if (positive === undefined || partOfText !== part) return [];
      const blocks = [{ buckets: distinctBuckets(text, options.bucketBits), length: 1 }];
      return [{ vector: sparseVector(blocks, options.bucketBits), positive, weight: 1 }];
    });
  const [fit, calibration, test] = [rowsOf("fit"), rowsOf("calibration"), rowsOf("test")];
  const head = fitHead(
    fit.map((row) => ({ ...row, preference: false })),
    calibration,
    1,
    options,
  );
  const { slope, intercept } = head.calibration;
  const probability = ({ vector }: Labelled): number => 1 / (1 + Math.exp(-(slope * head.score(vector) + intercept)));
  const positives = (rows: readonly Labelled[]): boolean[] => rows.map(({ positive }) => positive);
  const threshold = bestThreshold(calibration.map(probability), positives(calibration));
  const area = areaUnderRoc(test.map(probability), positives(test));
  const shipped: CategoryHead = {
    category,
    bias: slope * head.bias + intercept,
    scale: slope * (head.blocks[0]?.scale ?? 0),
    threshold: Math.round(threshold * 100) / 100,
  };
  const count = positives(fit).filter(Boolean).length;
  return {
    shipped,
    bytes: Uint8Array.from(head.blocks[0]?.bytes ?? []),
    line: `${category}: fit ${fit.length} (${count} of it), threshold ${shipped.threshold}, AUROC of the test part ${area?.toFixed(3) ?? "–"} (${positives(test).filter(Boolean).length} of ${test.length})`,
  };
}

export function trainCategoryHeads(texts: readonly CategoryText[], options: HeadOptions): TrainedHeads {
  const fitted = HEAD_CATEGORIES.filter((category) => texts.some(({ labels }) => labels[category] === true)).map(
    (category) => fitCategory(category, texts, options),
  );
  return {
    heads: {
      bucketBits: options.bucketBits,
      heads: fitted.map(({ shipped }) => shipped),
      table: Buffer.concat(fitted.map(({ bytes }) => bytes)).toString("base64"),
    },
    summary: fitted.map(({ line }) => line),
  };
}
