// `npm run bench:detect -- --json FILE`: how well and how fast the fast guardrails detect harm, each and by tiers.
// Law: figures only, never a row; the last lines say which aims are met, and a miss ends with exit code 1.
import { statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { performance } from "node:perf_hooks";
import { parseArgs } from "node:util";
import { createEdgeModel, SHIPPED_RELEASE } from "../src/guardrail/edge-classifier/edge-model.ts";
import type { FastGuardrail } from "../src/guardrail/guardrail.ts";
import { ATTACK_FAMILIES } from "../scripts/train-classifier/attack-families.ts";
import { readFitData } from "../scripts/train-classifier/fit-data.ts";
import { dataFolder, runWithData } from "./data.ts";
import { DEFAULT_GUARDRAILS } from "./default-guardrails.ts";
import { aimLine, judgeAims } from "./detect-aims.ts";
import { measureDisguises } from "./detect-disguises.ts";
import { compareSplits, disjointLines, learntLookUp, learntTexts } from "./detect-disjoint.ts";
import { calibrationError, plot, reliability, rocCurve, type Scored } from "./detect-plots.ts";
import { judgeSets, measure, printReport, type MeasuredSet } from "./detect-report.ts";
import { readDetectionSets, type DetectionSet } from "./detect-sets.ts";
import { tiersOf } from "./detect-tiers.ts";

const WEIGHTS_FILE = join(import.meta.dirname, "..", "src", "guardrail", "edge-classifier", "weights.ts");
const RELIABILITY_BINS = 10;
const { thresholds, uncertainFrom } = SHIPPED_RELEASE;

/** Those of the default policy that read anything; the aims are of the rules and the edge classifier together. */
const GUARDRAILS: readonly FastGuardrail[] = DEFAULT_GUARDRAILS.filter(({ sides }) => sides.length > 0);
const CLASSIFIER = "edge-classifier";

function decodeMilliseconds(): number {
  const start = performance.now();
  createEdgeModel(SHIPPED_RELEASE);
  return performance.now() - start;
}

function scoredOf({ results }: MeasuredSet): Scored[] {
  return results.flatMap(({ sample, verdict }) =>
    verdict.score === null ? [] : [{ score: verdict.score, harmful: sample.harmful }],
  );
}

/** Both plots are of the labelled sets of answers, which were never fitted. */
function plots(measured: readonly MeasuredSet[]) {
  const labelled = measured.filter(({ set }) => set.use === "labelled" && set.side === "output");
  const curves = labelled.map((one) => ({ name: one.set.name, bins: reliability(scoredOf(one), RELIABILITY_BINS) }));
  return {
    calibration: Object.fromEntries(
      curves.map(({ name, bins }) => [name, { bins, expectedCalibrationError: calibrationError(bins) }]),
    ),
    reliability: plot(
      "Reliability of the edge classifier",
      ["probability that was given", "share that was harmful"],
      curves.map(({ name, bins }) => ({ name, points: bins.map(({ said, seen }) => [said, seen] as const) })),
    ),
    roc: plot(
      "Edge classifier",
      ["false-positive rate", "recall"],
      labelled.map((one) => rocCurve(one.set.name, scoredOf(one))),
    ),
  };
}

/** Of the sets that claims rest on; benign exchanges are told apart row by row. */
function measuredPrompts(sets: readonly DetectionSet[]): string[] {
  return sets
    .filter(({ use }) => use !== "fitted")
    .flatMap(({ samples }) => samples.filter(({ promptFitted }) => !promptFitted))
    .flatMap(({ exchange }) => exchange.conversation.map(({ text }) => text));
}

function main(): void {
  const { values } = parseArgs({ options: { json: { type: "string" } } });
  const folder = dataFolder(process.env);
  const learnt = learntTexts(readFitData(folder));
  const sets = readDetectionSets(folder, learntLookUp(learnt));
  const disjoint = compareSplits(ATTACK_FAMILIES, learnt, measuredPrompts(sets));
  const startMilliseconds = decodeMilliseconds();
  const classifier = GUARDRAILS.find(({ id }) => id === CLASSIFIER);
  if (classifier === undefined) throw new Error(`No guardrail is called ${CLASSIFIER}.`);
  const { rules, cascade } = tiersOf(GUARDRAILS, classifier);
  const nobodyAsks = { input: null, output: null };
  const ofClassifier = judgeSets(classifier, sets);
  const edge = measure(classifier, ofClassifier, uncertainFrom, sets);
  const tiers = measure(cascade, judgeSets(cascade, sets), uncertainFrom, null);
  const results = {
    ...Object.fromEntries(
      GUARDRAILS.filter(({ id }) => id !== CLASSIFIER).map((one) => [
        one.id,
        measure(one, judgeSets(one, sets), nobodyAsks, sets),
      ]),
    ),
    [rules.id]: measure(rules, judgeSets(rules, sets), nobodyAsks, null),
    [CLASSIFIER]: edge,
    [cascade.id]: tiers,
  };
  for (const [id, result] of Object.entries(results)) printReport(id, result);
  const disguises = measureDisguises(cascade, sets);

  const weightsKib = statSync(WEIGHTS_FILE).size / 1024;
  const aims = judgeAims({
    auroc: Object.fromEntries(Object.entries(tiers.sets).map(([name, set]) => [name, set.auroc])),
    benignExchanges: tiers.benignExchanges.all.atThreshold.falsePositiveRate,
    lossPoints: Object.fromEntries(Object.entries(disguises).map(([name, { lossPoints }]) => [name, lossPoints])),
    megabytesPerSecond: edge.speed?.mixedMegabytesPerSecond ?? 0,
    weightsKib,
    disjoint,
  });
  for (const line of disjointLines(disjoint)) console.log(line);
  if (values.json !== undefined) {
    const { calibration, ...drawn } = plots(ofClassifier);
    const shipped = { weightsKib, startMilliseconds, thresholds, uncertainFrom };
    const file = { ...shipped, disjoint, guardrails: results, disguises, calibration, aims };
    writeFileSync(values.json, `${JSON.stringify(file, null, 2)}\n`);
    const beside = values.json.replace(/\.json$/, "");
    writeFileSync(`${beside}-reliability.svg`, drawn.reliability);
    writeFileSync(`${beside}-roc.svg`, drawn.roc);
  }
  for (const aim of aims) console.log(aimLine(aim));
  if (aims.some(({ met }) => !met)) process.exitCode = 1;
}

await runWithData(main);
