// The figures of the guidance study. Law: pure; a pair counts as raised only where its margin is strictly higher, and guidance is
// held against the control on the same pairs.
import { proportion, type Proportion } from "../detect-metrics.ts";

/** log P(good answer) − log P(bad answer), both by token, under each condition. */
export interface Margins {
  readonly unguided: number;
  readonly guided: number;
  readonly control: number;
}

export interface GuidanceReport {
  readonly pairs: number;
  readonly prefersGoodUnguided: Proportion | null;
  readonly raisedByGuidance: Proportion | null;
  readonly raisedByControl: Proportion | null;
  /** guidance's margin above the control's, pair by pair */
  readonly aboveControl: Proportion | null;
  /** mean change of the margin, in nats a token */
  readonly meanChangeGuided: number | null;
  readonly meanChangeControl: number | null;
  readonly mcnemar: Discordance;
}

/** Pairs that only one of the two raised, and McNemar's exact two-sided p (binomial, one half). */
export interface Discordance {
  readonly onlyGuidance: number;
  readonly onlyControl: number;
  readonly p: number;
}

function logFactorial(count: number): number {
  let sum = 0;
  for (let factor = 2; factor <= count; factor += 1) sum += Math.log(factor);
  return sum;
}

export function mcnemarP(left: number, right: number): number {
  const total = left + right;
  let tail = 0;
  for (let count = 0; count <= Math.min(left, right); count += 1) {
    tail += Math.exp(logFactorial(total) - logFactorial(count) - logFactorial(total - count) - total * Math.log(2));
  }
  return Math.min(1, 2 * tail);
}

function mean(values: readonly number[]): number | null {
  return values.length === 0 ? null : values.reduce((sum, value) => sum + value, 0) / values.length;
}

export function guidanceReport(margins: readonly Margins[]): GuidanceReport {
  const share = (holds: (one: Margins) => boolean): Proportion | null =>
    proportion(margins.filter(holds).length, margins.length);
  const byGuidance = (one: Margins): boolean => one.guided > one.unguided;
  const byControl = (one: Margins): boolean => one.control > one.unguided;
  const onlyGuidance = margins.filter((one) => byGuidance(one) && !byControl(one)).length;
  const onlyControl = margins.filter((one) => byControl(one) && !byGuidance(one)).length;
  return {
    pairs: margins.length,
    prefersGoodUnguided: share(({ unguided }) => unguided > 0),
    raisedByGuidance: share(byGuidance),
    raisedByControl: share(byControl),
    aboveControl: share(({ guided, control }) => guided > control),
    meanChangeGuided: mean(margins.map(({ guided, unguided }) => guided - unguided)),
    meanChangeControl: mean(margins.map(({ control, unguided }) => control - unguided)),
    mcnemar: { onlyGuidance, onlyControl, p: mcnemarP(onlyGuidance, onlyControl) },
  };
}
