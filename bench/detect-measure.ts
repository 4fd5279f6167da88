// Measures one fast guardrail on one set. Law: a verdict that was skipped or failed counts as no flag, and is counted.
import type { FastGuardrail } from "../src/guardrail/guardrail.ts";
import type { Verdict } from "../src/guardrail/verdict.ts";
import {
  areaInterval,
  areaUnderPrecisionRecall,
  areaUnderRoc,
  proportion,
  recallAtFalsePositiveRate,
  type Interval,
  type Proportion,
} from "./detect-metrics.ts";
import type { DetectionSample, DetectionSet } from "./detect-sets.ts";
import { escalated } from "./detect-tiers.ts";

export interface Measured {
  readonly sample: DetectionSample;
  readonly verdict: Verdict;
}

export interface AtThreshold {
  readonly recall: Proportion | null;
  readonly precision: Proportion | null;
  readonly falsePositiveRate: Proportion | null;
  readonly f1: number | null;
}

export interface SetReport {
  readonly samples: number;
  readonly harmful: number;
  readonly notJudged: number;
  /** null where the guardrail gives no score, or the set has one label only */
  readonly auroc: number | null;
  readonly aurocInterval: Interval | null;
  readonly auprc: number | null;
  /** Wilson's interval is of the rows that were found; the limit itself is drawn from the safe rows too */
  readonly recallAtOnePercent: Proportion | null;
  readonly recallAtTenthPercent: Proportion | null;
  readonly atThreshold: AtThreshold;
}

export function judge(guardrail: FastGuardrail, set: DetectionSet): Measured[] {
  return set.samples.map((sample) => ({ sample, verdict: guardrail.check(sample.exchange, set.side) }));
}

function atThreshold(measured: readonly Measured[]): AtThreshold {
  const count = (harmful: boolean, flagged: boolean): number =>
    measured.filter(({ sample, verdict }) => sample.harmful === harmful && (verdict.status === "flag") === flagged)
      .length;
  const [hits, misses, alarms, passes] = [
    count(true, true),
    count(true, false),
    count(false, true),
    count(false, false),
  ];
  const relevant = 2 * hits + misses + alarms;
  return {
    recall: proportion(hits, hits + misses),
    precision: proportion(hits, hits + alarms),
    falsePositiveRate: proportion(alarms, alarms + passes),
    f1: hits + misses === 0 || relevant === 0 ? null : (2 * hits) / relevant,
  };
}

export function report(measured: readonly Measured[]): SetReport {
  const scored = measured.flatMap(({ sample, verdict }) =>
    verdict.score === null ? [] : [{ score: verdict.score, harmful: sample.harmful }],
  );
  const scores = scored.map(({ score }) => score);
  const positives = scored.map(({ harmful }) => harmful);
  const harmfulScored = positives.filter(Boolean).length;
  const auroc = areaUnderRoc(scores, positives);
  return {
    samples: measured.length,
    harmful: measured.filter(({ sample }) => sample.harmful).length,
    notJudged: measured.filter(({ verdict }) => verdict.status === "skipped" || verdict.status === "error").length,
    auroc,
    aurocInterval: auroc === null ? null : areaInterval(auroc, harmfulScored, positives.length - harmfulScored),
    auprc: areaUnderPrecisionRecall(scores, positives),
    recallAtOnePercent: recallAtFalsePositiveRate(scores, positives, 0.01),
    recallAtTenthPercent: recallAtFalsePositiveRate(scores, positives, 0.001),
    atThreshold: atThreshold(measured),
  };
}

export function reportByLanguage(
  measured: readonly Measured[],
  uncertainFrom: number | null,
): Record<string, SetReport & { readonly escalated: Proportion | null }> {
  const languages = [...new Set(measured.map(({ sample }) => sample.language))].sort();
  return Object.fromEntries(
    languages.map((language) => {
      const rows = measured.filter(({ sample }) => sample.language === language);
      return [language, { ...report(rows), escalated: escalated(rows, uncertainFrom) }];
    }),
  );
}
