// How far two shares differ, with an interval that holds at every look: a confidence sequence. Law: pure; whoever looks every minute
// and stops when it suits him is wrong no more often than `alpha`.
//
// The normal mixture boundary over the information in the difference (Robbins 1970; Howard, Ramdas, McAuliffe and Sekhon 2021,
// «Time-uniform, nonparametric, nonasymptotic confidence sequences», equation 14), asymptotic for shares as in Waudby-Smith, Arbour,
// Sinha, Kennedy and Ramdas 2024, «Time-uniform central limit theory and asymptotic confidence sequences».

export interface Share {
  readonly count: number;
  readonly total: number;
}

export interface Difference {
  /** of the first share less the second, −1 to 1 */
  readonly difference: number;
  readonly low: number;
  readonly high: number;
}

/** The interval is narrowest, for its information, where the standard error of the difference is about this. */
const TUNED_TO = 0.02;

/** Half a success and half a failure more, so that none of a few requests is not certainty (Agresti and Caffo 2000 add one of each). */
function smoothed({ count, total }: Share): { readonly share: number; readonly variance: number } {
  const share = (count + 0.5) / (total + 1);
  return { share, variance: (share * (1 - share)) / (total + 1) };
}

export function differenceOfShares(first: Share, second: Share, alpha: number): Difference {
  const [left, right] = [smoothed(first), smoothed(second)];
  const difference = left.share - right.share;
  const information = 1 / (left.variance + right.variance);
  const prior = 1 / TUNED_TO ** 2;
  const spread =
    Math.sqrt((information + prior) * Math.log((information + prior) / (prior * alpha ** 2))) / information;
  return { difference, low: Math.max(-1, difference - spread), high: Math.min(1, difference + spread) };
}
