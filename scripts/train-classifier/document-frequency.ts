// Scales features by how rare they are among the fitted samples (inverse document frequency).
// Law: the scale is folded into the weights afterwards, so that run time knows nothing of it.
import type { Row } from "./logistic-regression.ts";
import type { SparseVector } from "./sparse-vector.ts";

/** ln((samples + 1) ÷ (samples with the feature + 1)): rare features are regularised less than those of every text. */
export function inverseDocumentFrequency(rows: readonly Row[], size: number): Float64Array {
  const frequency = new Float64Array(size);
  let samples = 0;
  for (const { vector, preference } of rows) {
    if (preference) continue;
    samples += 1;
    for (const index of vector.indices) frequency[index] = (frequency[index] ?? 0) + 1;
  }
  return frequency.map((count) => Math.log((samples + 1) / (count + 1)));
}

export function scaled({ indices, values }: SparseVector, scales: Float64Array): SparseVector {
  return { indices, values: values.map((value, place) => value * (scales[indices[place] ?? 0] ?? 0)) };
}
