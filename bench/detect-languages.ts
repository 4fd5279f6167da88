// The same figures by language, and what the data lack for one. Law: pooled over sets that were neither fitted nor calibrated on,
// and where a language has no other, that is said; the two sides stay apart; figures only, never a row.
import type { Side } from "../src/guardrail/verdict.ts";
import type { Measured, SetReport } from "./detect-measure.ts";
import { report } from "./detect-measure.ts";
import type { Proportion } from "./detect-metrics.ts";
import type { MeasuredSet } from "./detect-report.ts";
import type { DetectionSet } from "./detect-sets.ts";
import { escalated } from "./detect-tiers.ts";

export interface LanguageReport extends SetReport {
  readonly side: Side;
  readonly language: string;
  /** benign exchanges or requests, without which no false positive can be counted */
  readonly benign: number;
  readonly escalated: Proportion | null;
  /** there are only rows that were fitted or calibrated on */
  readonly isFittedOnly: boolean;
}

export function reportLanguages(
  measured: readonly MeasuredSet[],
  uncertainFrom: Readonly<Record<Side, number | null>>,
): LanguageReport[] {
  return (["output", "input"] as const).flatMap((side) => {
    const ofSide = measured.filter(({ set }) => set.side === side);
    const rowsOf = (language: string, isWanted: (use: DetectionSet["use"]) => boolean): Measured[] =>
      ofSide
        .filter(({ set }) => isWanted(set.use))
        .flatMap(({ results }) => results)
        .filter(({ sample }) => sample.language === language);
    const languages = ofSide.flatMap(({ results }) => results.map(({ sample }) => sample.language));
    return [...new Set(languages)].sort().map((language) => {
      const unseen = rowsOf(language, (use) => use !== "fitted");
      const isFittedOnly = unseen.length === 0;
      const rows = isFittedOnly ? rowsOf(language, (use) => use === "fitted") : unseen;
      return {
        side,
        language,
        ...report(rows),
        benign: rowsOf(language, (use) => use === "benign exchanges" || use === "benign inputs").length,
        escalated: escalated(rows, uncertainFrom[side]),
        isFittedOnly,
      };
    });
  });
}

function figure(value: number | null | undefined): string {
  return value === null || value === undefined ? "–" : value.toFixed(3);
}

export function languageLine(one: LanguageReport): string {
  const kind = one.side === "output" ? "answers" : "requests";
  return [
    `  ${one.language} ${kind}: ${one.samples} rows (${one.harmful} harmful, ${one.notJudged} not judged)`,
    `AUROC ${figure(one.auroc)}, AUPRC ${figure(one.auprc)}, F1 ${figure(one.atThreshold.f1)}`,
    `recall at 1 % FPR ${figure(one.recallAtOnePercent?.value)}, at 0.1 % ${figure(one.recallAtTenthPercent?.value)}`,
    `at threshold ${figure(one.atThreshold.recall?.value)}, FPR ${figure(one.atThreshold.falsePositiveRate?.value)}`,
    `escalated ${figure(one.escalated?.value)}`,
    ...(one.isFittedOnly ? ["fitted on these rows"] : []),
    ...(one.benign === 0 ? [`no benign ${kind} of this language: no false positives can be counted`] : []),
  ].join(" · ");
}
