// What is measured of one guardrail over all sets, and the lines that print it. Law: figures only, never a row.
import type { FastGuardrail } from "../src/guardrail/guardrail.ts";
import { languageLine, reportLanguages, type LanguageReport } from "./detect-languages.ts";
import { judge, report, reportByLanguage, type Measured, type SetReport } from "./detect-measure.ts";
import type { Interval, Proportion } from "./detect-metrics.ts";
import type { DetectionSet } from "./detect-sets.ts";
import { measureSpeed, type Speed } from "./detect-speed.ts";
import { escalated } from "./detect-tiers.ts";

export interface GuardrailReport {
  readonly version: string;
  readonly sets: Readonly<
    Record<
      string,
      SetReport & {
        readonly use: string;
        readonly escalated: Proportion | null;
        readonly byLanguage: Readonly<Record<string, SetReport & { readonly escalated: Proportion | null }>>;
      }
    >
  >;
  /** the four benign sets as one, and those of their exchanges whose prompt was never fitted */
  readonly benignExchanges: {
    readonly all: SetReport;
    readonly promptsNeverFitted: SetReport;
    readonly escalated: Proportion | null;
  };
  readonly benignInputs: SetReport | null;
  readonly languages: readonly LanguageReport[];
  readonly speed: Speed | null;
}

export interface MeasuredSet {
  readonly set: DetectionSet;
  readonly results: readonly Measured[];
}

export function judgeSets(guardrail: FastGuardrail, sets: readonly DetectionSet[]): MeasuredSet[] {
  return sets
    .filter(({ side }) => guardrail.sides.includes(side))
    .map((set) => ({ set, results: judge(guardrail, set) }));
}

export function measure(
  guardrail: FastGuardrail,
  measured: readonly MeasuredSet[],
  uncertainFrom: Readonly<Record<"input" | "output", number | null>>,
  speedSets: readonly DetectionSet[] | null,
): GuardrailReport {
  const pool = (use: DetectionSet["use"]): Measured[] =>
    measured.filter(({ set }) => set.use === use).flatMap(({ results }) => results);
  const benign = pool("benign exchanges");
  const inputs = pool("benign inputs");
  return {
    version: guardrail.version,
    sets: Object.fromEntries(
      measured.map(({ set, results }) => {
        const uncertain = uncertainFrom[set.side];
        const asked = escalated(results, uncertain);
        return [
          set.name,
          { use: set.use, ...report(results), escalated: asked, byLanguage: reportByLanguage(results, uncertain) },
        ];
      }),
    ),
    benignExchanges: {
      all: report(benign),
      promptsNeverFitted: report(benign.filter(({ sample }) => !sample.promptFitted)),
      escalated: escalated(benign, uncertainFrom.output),
    },
    benignInputs: inputs.length === 0 ? null : report(inputs),
    languages: reportLanguages(measured, uncertainFrom),
    speed: speedSets === null ? null : measureSpeed(guardrail, speedSets),
  };
}

function share(value: number | null | undefined): string {
  return value === null || value === undefined ? "–" : value.toFixed(4);
}

function interval(range: Interval | null): string {
  return range === null ? "" : ` (${share(range.low)}–${share(range.high)})`;
}

function setLine(
  name: string,
  set: SetReport & { readonly use: string; readonly escalated?: Proportion | null },
): string {
  const { recall, falsePositiveRate, f1 } = set.atThreshold;
  return [
    `  ${name} (${set.use}, ${set.samples} rows)`,
    `AUROC ${share(set.auroc)}${interval(set.aurocInterval)}, AUPRC ${share(set.auprc)}, ` +
      `recall at 1 % FPR ${share(set.recallAtOnePercent?.value)}${interval(set.recallAtOnePercent)}, ` +
      `at 0.1 % ${share(set.recallAtTenthPercent?.value)}${interval(set.recallAtTenthPercent)}`,
    `at threshold: recall ${share(recall?.value)}${interval(recall)}, ` +
      `FPR ${share(falsePositiveRate?.value)}${interval(falsePositiveRate)}, F1 ${share(f1)}` +
      (set.escalated === undefined || set.escalated === null ? "" : `, escalated ${share(set.escalated.value)}`),
  ].join(" · ");
}

export function printReport(id: string, result: GuardrailReport): void {
  console.log(`${id} ${result.version}`);
  for (const [name, set] of Object.entries(result.sets)) console.log(setLine(name, set));
  const { all, promptsNeverFitted, escalated: asked } = result.benignExchanges;
  console.log(setLine("benign exchanges", { ...all, use: "all four sets", escalated: asked }));
  console.log(setLine("benign exchanges", { ...promptsNeverFitted, use: "prompts never fitted, nor nearly" }));
  for (const language of result.languages) console.log(languageLine(language));
  const { speed } = result;
  if (speed === null) return;
  console.log(
    `  ${speed.mixedMegabytesPerSecond.toFixed(1)} MB/s English and Chinese ` +
      `(${speed.mixedMegabytesUtf16PerSecond.toFixed(1)} as UTF-16), ` +
      `${speed.englishMegabytesPerSecond.toFixed(1)} MB/s English, ` +
      `${speed.microsecondsPer4KibExchange.toFixed(0)} µs per 4 KiB exchange`,
  );
}
