// Scales features by how differently the two classes use them (naive Bayes features: Wang & Manning 2012, «Baselines and Bigrams»).
// Law: counted among fitted samples alone, and folded into the weights afterwards, so that run time knows nothing of it.
import type { Row } from "./logistic-regression.ts";

/** counted into each class beforehand, so that a feature that was seen twice proves little */
const SMOOTHING = 5;
/** how much of the scale is the ratio's; the rest is the same for every feature */
const RATIO_SHARE = 0.5;

/** ½ + ½ · |ln(share of the harmful mass with the feature ÷ share of the safe mass with it)| */
export function classRatioScale(rows: readonly Row[], size: number): Float64Array {
  const mass = { positive: new Float64Array(size), negative: new Float64Array(size) };
  let positiveTotal = 2 * SMOOTHING;
  let negativeTotal = 2 * SMOOTHING;
  for (const { vector, positive, weight, preference } of rows) {
    if (preference) continue;
    if (positive) positiveTotal += weight;
    else negativeTotal += weight;
    const counts = positive ? mass.positive : mass.negative;
    for (const index of vector.indices) counts[index] = (counts[index] ?? 0) + weight;
  }
  return mass.positive.map((count, index) => {
    const harmful = (count + SMOOTHING) / positiveTotal;
    const safe = ((mass.negative[index] ?? 0) + SMOOTHING) / negativeTotal;
    return 1 - RATIO_SHARE + RATIO_SHARE * Math.abs(Math.log(harmful / safe));
  });
}
