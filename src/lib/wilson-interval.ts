// The Wilson score interval of a share (Wilson 1927; Brown, Cai and DasGupta 2001): sound for few trials and for shares near 0 and 1.

export interface Interval {
  readonly low: number;
  readonly high: number;
}

/** Of a standard normal, two-sided 95 %. */
const Z = 1.959963984540054;

/** Without any trial nothing is known: 0 to 1. */
export function wilsonInterval(successes: number, trials: number): Interval {
  if (trials === 0) return { low: 0, high: 1 };
  const share = successes / trials;
  const square = Z * Z;
  const scale = 1 + square / trials;
  const centre = (share + square / (2 * trials)) / scale;
  const half = (Z / scale) * Math.sqrt((share * (1 - share)) / trials + square / (4 * trials * trials));
  return {
    low: successes === 0 ? 0 : Math.max(0, centre - half),
    high: successes === trials ? 1 : Math.min(1, centre + half),
  };
}
