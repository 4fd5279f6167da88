// `npm run bench:detect -- --json FILE`: how well and how fast the fast guardrails detect harm.
// Law: figures only, never a row; the last lines say which aims are met, and a miss ends with exit code 1.
import { statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { performance } from "node:perf_hooks";
import { parseArgs } from "node:util";
import { createEdgeClassifier } from "../src/guardrail/edge-classifier/edge-classifier.ts";
import { createGuardrails } from "../src/guardrail/create-guardrails.ts";
import { THRESHOLDS, WEIGHTS } from "../src/guardrail/edge-classifier/weights.ts";
import type { FastGuardrail } from "../src/guardrail/guardrail.ts";
import { DEFAULT_POLICY } from "../src/policy/policy.ts";
import { unwrap } from "../src/problem.ts";
import { dataFolder, MissingData } from "./data.ts";
import { aimLine, judgeAims } from "./detect-aims.ts";
import { judge, report, reportByLanguage, type SetReport } from "./detect-measure.ts";
import type { Interval } from "./detect-metrics.ts";
import { readDetectionSets, type DetectionSet } from "./detect-sets.ts";
import { measureSpeed, type Speed } from "./detect-speed.ts";

const WEIGHTS_FILE = join(import.meta.dirname, "..", "src", "guardrail", "edge-classifier", "weights.ts");

/** Those of the default policy that read anything; the aims are the edge classifier's. */
const GUARDRAILS: readonly FastGuardrail[] = unwrap(
  createGuardrails(DEFAULT_POLICY, (length) => crypto.getRandomValues(new Uint8Array(length))),
).guardrails.fast.filter(({ sides }) => sides.length > 0);
const AIMED = "edge-classifier";

interface GuardrailReport {
  readonly version: string;
  readonly sets: Record<string, SetReport & { readonly use: string; readonly byLanguage: Record<string, SetReport> }>;
  /** the four benign sets as one, and those of their exchanges whose prompt was never fitted */
  readonly benignExchanges: { readonly all: SetReport; readonly promptsNeverFitted: SetReport };
  readonly benignInputs: SetReport | null;
  readonly speed: Speed;
}

function measure(guardrail: FastGuardrail, sets: readonly DetectionSet[]): GuardrailReport {
  const measured = sets
    .filter(({ side }) => guardrail.sides.includes(side))
    .map((set) => ({ set, results: judge(guardrail, set) }));
  const pool = (use: DetectionSet["use"]) =>
    measured.filter(({ set }) => set.use === use).flatMap((one) => one.results);
  const benign = pool("benign exchanges");
  const inputs = pool("benign inputs");
  return {
    version: guardrail.version,
    sets: Object.fromEntries(
      measured.map(({ set, results }) => {
        return [set.name, { use: set.use, ...report(results), byLanguage: reportByLanguage(results) }];
      }),
    ),
    benignExchanges: {
      all: report(benign),
      promptsNeverFitted: report(benign.filter(({ sample }) => !sample.promptFitted)),
    },
    benignInputs: inputs.length === 0 ? null : report(inputs),
    speed: measureSpeed(guardrail, sets),
  };
}

function share(value: number | null | undefined): string {
  return value === null || value === undefined ? "–" : value.toFixed(4);
}

function interval(range: Interval | null): string {
  return range === null ? "" : ` (${share(range.low)}–${share(range.high)})`;
}

function setLine(name: string, set: SetReport & { readonly use: string }): string {
  const { recall, falsePositiveRate, f1 } = set.atThreshold;
  return [
    `  ${name} (${set.use}, ${set.samples} rows)`,
    `AUROC ${share(set.auroc)}${interval(set.aurocInterval)}, AUPRC ${share(set.auprc)}, recall at 1 % FPR ${share(set.recallAtOnePercent)}`,
    `at threshold: recall ${share(recall?.value)}${interval(recall)}, ` +
      `FPR ${share(falsePositiveRate?.value)}${interval(falsePositiveRate)}, F1 ${share(f1)}`,
  ].join(" · ");
}

function print(id: string, result: GuardrailReport): void {
  console.log(`${id} ${result.version}`);
  for (const [name, set] of Object.entries(result.sets)) console.log(setLine(name, set));
  const { all, promptsNeverFitted } = result.benignExchanges;
  console.log(setLine("benign exchanges", { ...all, use: "all four sets" }));
  console.log(setLine("benign exchanges", { ...promptsNeverFitted, use: "prompts never fitted" }));
  const { speed } = result;
  console.log(
    `  ${speed.mixedMegabytesPerSecond.toFixed(1)} MB/s English and Chinese ` +
      `(${speed.mixedMegabytesUtf16PerSecond.toFixed(1)} as UTF-16), ` +
      `${speed.englishMegabytesPerSecond.toFixed(1)} MB/s English, ` +
      `${speed.microsecondsPer4KibExchange.toFixed(0)} µs per 4 KiB exchange`,
  );
}

function decodeMilliseconds(): number {
  const start = performance.now();
  createEdgeClassifier(WEIGHTS);
  return performance.now() - start;
}

function main(): void {
  const { values } = parseArgs({ options: { json: { type: "string" } } });
  const sets = readDetectionSets(dataFolder(process.env));
  const startMilliseconds = decodeMilliseconds();
  const results = Object.fromEntries(GUARDRAILS.map((guardrail) => [guardrail.id, measure(guardrail, sets)]));
  for (const [id, result] of Object.entries(results)) print(id, result);

  const edge = results[AIMED];
  if (edge === undefined) throw new Error(`No guardrail is called ${AIMED}.`);
  const weightsKib = statSync(WEIGHTS_FILE).size / 1024;
  const aims = judgeAims({
    auroc: Object.fromEntries(Object.entries(edge.sets).map(([name, set]) => [name, set.auroc])),
    benignExchanges: edge.benignExchanges.all.atThreshold.falsePositiveRate,
    megabytesPerSecond: edge.speed.mixedMegabytesPerSecond,
    weightsKib,
  });
  if (values.json !== undefined) {
    const file = { weightsKib, startMilliseconds, thresholds: THRESHOLDS, guardrails: results, aims };
    writeFileSync(values.json, `${JSON.stringify(file, null, 2)}\n`);
  }
  for (const aim of aims) console.log(aimLine(aim));
  if (aims.some(({ met }) => !met)) process.exitCode = 1;
}

try {
  main();
} catch (error) {
  if (!(error instanceof MissingData)) throw error;
  console.error(error.message);
  process.exitCode = 1;
}
