// L2-regularised logistic regression over sparse vectors, from labelled samples and from preferences.
// Law: the bias is the last weight, is not regularised, and plays no part in a preference.
import { minimise, type Limits } from "./limited-memory-bfgs.ts";
import { dot, type SparseVector } from "./sparse-vector.ts";

export interface Row {
  readonly vector: SparseVector;
  readonly positive: boolean;
  readonly weight: number;
  /** a difference of two vectors, of which the first is the worse */
  readonly preference: boolean;
}

/** log(1 + e^-margin) without overflow */
function logisticLoss(margin: number): number {
  return margin > 0 ? Math.log1p(Math.exp(-margin)) : Math.log1p(Math.exp(margin)) - margin;
}

export interface Regression {
  readonly weights: Float64Array;
  readonly bias: number;
}

/** Minimises the weighted mean loss + regularisation ÷ 2 · |weights|². */
export function fitLogisticRegression(
  rows: readonly Row[],
  size: number,
  regularisation: number,
  limits: Limits,
): Regression {
  const total = rows.reduce((sum, { weight }) => sum + weight, 0);

  const solution = minimise(
    (point, gradient) => {
      gradient.fill(0);
      const bias = point[size] ?? 0;
      let loss = 0;
      for (const { vector, positive, weight, preference } of rows) {
        const sign = positive ? 1 : -1;
        const margin = sign * (dot(point, vector) + (preference ? 0 : bias));
        loss += weight * logisticLoss(margin);
        const pull = (-sign * weight) / (1 + Math.exp(margin)) / total;
        const { indices, values } = vector;
        for (let place = 0; place < indices.length; place += 1) {
          const index = indices[place] ?? 0;
          gradient[index] = (gradient[index] ?? 0) + pull * (values[place] ?? 0);
        }
        if (!preference) gradient[size] = (gradient[size] ?? 0) + pull;
      }
      let squares = 0;
      for (let index = 0; index < size; index += 1) {
        const weight = point[index] ?? 0;
        squares += weight * weight;
        gradient[index] = (gradient[index] ?? 0) + regularisation * weight;
      }
      return loss / total + (regularisation / 2) * squares;
    },
    size + 1,
    limits,
  );
  return { weights: solution.subarray(0, size), bias: solution[size] ?? 0 };
}
