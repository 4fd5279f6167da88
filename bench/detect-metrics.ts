// The figures of a detector: areas, recall at a false-positive rate, F1, and intervals.
// Law: pure; ties count half; a figure that the labels do not allow is null.

const Z_95 = 1.959964;

/** Area under the ROC curve by ranks (Mann–Whitney), ties at their mean rank. */
export function areaUnderRoc(scores: readonly number[], positives: readonly boolean[]): number | null {
  const order = [...scores.keys()].sort((left, right) => (scores[left] ?? 0) - (scores[right] ?? 0));
  let rankSum = 0;
  let positiveCount = 0;
  for (let start = 0; start < order.length;) {
    let end = start;
    while (end < order.length && scores[order[end] ?? 0] === scores[order[start] ?? 0]) end += 1;
    const meanRank = (start + 1 + end) / 2;
    for (const index of order.slice(start, end)) {
      if (positives[index] !== true) continue;
      rankSum += meanRank;
      positiveCount += 1;
    }
    start = end;
  }
  const negativeCount = order.length - positiveCount;
  if (positiveCount === 0 || negativeCount === 0) return null;
  return (rankSum - (positiveCount * (positiveCount + 1)) / 2) / (positiveCount * negativeCount);
}

export interface Interval {
  readonly low: number;
  readonly high: number;
}

/** The area's 95 % interval by its standard error (Hanley & McNeil 1982). */
export function areaInterval(area: number, positiveCount: number, negativeCount: number): Interval {
  const square = area ** 2;
  const twoPositives = area / (2 - area) - square;
  const twoNegatives = (2 * square) / (1 + area) - square;
  const sum = area * (1 - area) + (positiveCount - 1) * twoPositives + (negativeCount - 1) * twoNegatives;
  const spread = Z_95 * Math.sqrt(sum / (positiveCount * negativeCount));
  return { low: Math.max(0, area - spread), high: Math.min(1, area + spread) };
}

/** Average precision: the step-wise area under the precision–recall curve, ties taken together. */
export function areaUnderPrecisionRecall(scores: readonly number[], positives: readonly boolean[]): number | null {
  const order = [...scores.keys()].sort((left, right) => (scores[right] ?? 0) - (scores[left] ?? 0));
  const total = positives.filter(Boolean).length;
  if (total === 0 || total === positives.length) return null;
  let area = 0;
  let found = 0;
  for (let start = 0; start < order.length;) {
    let end = start;
    let foundHere = 0;
    while (end < order.length && scores[order[end] ?? 0] === scores[order[start] ?? 0]) {
      if (positives[order[end] ?? 0] === true) foundHere += 1;
      end += 1;
    }
    found += foundHere;
    area += (foundHere / total) * (found / end);
    start = end;
  }
  return area;
}

/** A share with Wilson's 95 % interval (Wilson 1927). */
export interface Proportion extends Interval {
  readonly count: number;
  readonly total: number;
  readonly value: number;
}

export function proportion(count: number, total: number): Proportion | null {
  if (total === 0) return null;
  const value = count / total;
  const square = Z_95 ** 2;
  const centre = (value + square / (2 * total)) / (1 + square / total);
  const spread = (Z_95 / (1 + square / total)) * Math.sqrt((value * (1 - value)) / total + square / (4 * total ** 2));
  return { count, total, value, low: Math.max(0, centre - spread), high: Math.min(1, centre + spread) };
}

/** The share of positives above every threshold that lets at most `rate` of the negatives through. */
export function recallAtFalsePositiveRate(
  scores: readonly number[],
  positives: readonly boolean[],
  rate: number,
): Proportion | null {
  const negatives = scores.filter((_, index) => positives[index] !== true).sort((left, right) => right - left);
  const harmful = scores.filter((_, index) => positives[index] === true);
  if (negatives.length === 0 || harmful.length === 0) return null;
  const limit = negatives[Math.floor(rate * negatives.length)] ?? -Infinity;
  return proportion(harmful.filter((score) => score > limit).length, harmful.length);
}
