// From raw scores to probabilities and thresholds, on calibration data that was not fitted on.
// Law: calibration is increasing, so it never changes an order.

export interface Calibration {
  readonly slope: number;
  readonly intercept: number;
}

export interface ScoredLabel {
  readonly score: number;
  readonly positive: boolean;
  readonly weight: number;
}

const NEWTON_STEPS = 50;
/** keeps the Hessian invertible where the classes are apart */
const RIDGE = 1e-3;
const SMALLEST_SLOPE = 1e-3;

/**
 * Platt scaling (Platt 1999) by Newton's method, with his smoothed targets, which keep probabilities off 0 and 1 where the
 * classes are apart, and with the slope kept above zero.
 */
export function plattCalibration(scored: readonly ScoredLabel[]): Calibration {
  const mass = (label: boolean): number =>
    scored.reduce((sum, { positive, weight }) => sum + (positive === label ? weight : 0), 0);
  const highTarget = (mass(true) + 1) / (mass(true) + 2);
  const lowTarget = 1 / (mass(false) + 2);
  let slope = 1;
  let intercept = 0;
  for (let step = 0; step < NEWTON_STEPS; step += 1) {
    let [slopeGradient, interceptGradient] = [RIDGE * (slope - 1), RIDGE * intercept];
    let [slopeSlope, slopeIntercept, interceptIntercept] = [RIDGE, 0, RIDGE];
    for (const { score, positive, weight } of scored) {
      const probability = 1 / (1 + Math.exp(-(slope * score + intercept)));
      const error = weight * (probability - (positive ? highTarget : lowTarget));
      const curvature = weight * probability * (1 - probability);
      slopeGradient += error * score;
      interceptGradient += error;
      slopeSlope += curvature * score * score;
      slopeIntercept += curvature * score;
      interceptIntercept += curvature;
    }
    const determinant = slopeSlope * interceptIntercept - slopeIntercept ** 2;
    slope -= (interceptIntercept * slopeGradient - slopeIntercept * interceptGradient) / determinant;
    intercept -= (slopeSlope * interceptGradient - slopeIntercept * slopeGradient) / determinant;
  }
  return { slope: Math.max(slope, SMALLEST_SLOPE), intercept };
}

/**
 * The logit that a share of benign exchanges stays below, read off a normal distribution with their mean and deviation:
 * the calibration part has too few benign exchanges to count a tail of one in two hundred.
 */
export function normalQuantile(logits: readonly number[], deviations: number): number {
  const mean = logits.reduce((sum, logit) => sum + logit, 0) / logits.length;
  const variance = logits.reduce((sum, logit) => sum + (logit - mean) ** 2, 0) / Math.max(1, logits.length - 1);
  return mean + deviations * Math.sqrt(variance);
}
