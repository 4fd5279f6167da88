// One head of the classifier: regression, bytes, calibration.
// Law: calibration sees the weights as run time will, after quantisation.
import { plattCalibration, type Calibration } from "./calibration.ts";
import { classRatioScale } from "./class-ratio.ts";
import { inverseDocumentFrequency, scaled } from "./document-frequency.ts";
import { fitLogisticRegression, type Row } from "./logistic-regression.ts";
import { quantise, restored, type Quantised } from "./quantise.ts";
import { dot, type SparseVector } from "./sparse-vector.ts";

export interface HeadOptions {
  readonly bucketBits: number;
  readonly regularisation: number;
  readonly iterations: number;
}

/** An iteration that lowers the loss by a smaller share than this is the last. */
const TOLERANCE = 1e-6;

export interface Head {
  readonly blocks: readonly Quantised[];
  readonly bias: number;
  readonly calibration: Calibration;
  readonly score: (vector: SparseVector) => number;
}

export interface Labelled {
  readonly vector: SparseVector;
  readonly positive: boolean;
  readonly weight: number;
}

/** Fits `blocks` blocks of weights and calibrates them as they will be shipped, in bytes. */
export function fitHead(
  rows: readonly Row[],
  calibrationRows: readonly Labelled[],
  blocks: number,
  options: HeadOptions,
): Head {
  const buckets = 2 ** options.bucketBits;
  const limits = { iterations: options.iterations, tolerance: TOLERANCE };
  const rarity = inverseDocumentFrequency(rows, blocks * buckets);
  const scales = classRatioScale(rows, blocks * buckets).map((ratio, index) => ratio * (rarity[index] ?? 0));
  const fitted = rows.map((row) => ({ ...row, vector: scaled(row.vector, scales) }));
  const { weights: fittedWeights, bias } = fitLogisticRegression(
    fitted,
    blocks * buckets,
    options.regularisation,
    limits,
  );
  const weights = fittedWeights.map((weight, index) => weight * (scales[index] ?? 0));
  const quantised = Array.from({ length: blocks }, (_, block) =>
    quantise(weights.subarray(block * buckets, (block + 1) * buckets)),
  );
  const shipped = restored(quantised, bias);
  const score = (vector: SparseVector): number => dot(shipped.weights, vector) + shipped.bias;
  const calibration = plattCalibration(
    calibrationRows.map(({ vector, positive, weight }) => ({ score: score(vector), positive, weight })),
  );
  return { blocks: quantised, bias, calibration, score };
}
