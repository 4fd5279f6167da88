// How well a family is told that was neither fitted nor calibrated on: what a new attack would meet.
// Law: the family's rows are measured by weights that never saw them; figures only, never a row.
import { areaUnderRoc } from "../../bench/detect-metrics.ts";
import { createEdgeClassifier } from "../../src/guardrail/edge-classifier/edge-classifier.ts";
import type { AttackFamily } from "./attack-families.ts";
import type { FitData } from "./sample.ts";
import type { Trained } from "./train.ts";

/** The families, of which one is measured and nothing else. */
export function withoutFamily(families: readonly AttackFamily[], name: string): AttackFamily[] | null {
  if (!families.some((family) => family.name === name)) return null;
  return families.map((family) => (family.name === name ? { ...family, part: "test" } : family));
}

function share(flags: readonly boolean[]): string {
  return flags.length === 0 ? "–" : (flags.filter(Boolean).length / flags.length).toFixed(3);
}

/** Answers against each other; requests against benign requests that were never fitted. */
export function leftOutLines(
  family: string,
  { weights, thresholds, uncertainFrom }: Trained,
  { outputs, inputs }: FitData,
  benignRequests: readonly string[],
): string[] {
  const classifier = createEdgeClassifier(weights);
  const answers = outputs.filter((sample) => sample.family === family && !sample.composed);
  const scores = answers.map(({ prompt, answer }) => {
    const scorer = classifier.scorer([prompt]);
    scorer.push(answer);
    return scorer.probability();
  });
  const harmful = answers.map((sample) => sample.harmful);
  const flagged = (wanted: boolean): boolean[] =>
    scores.filter((_, place) => harmful[place] === wanted).map((score) => score >= (thresholds.output ?? 1));
  const requests = [...new Set(inputs.filter((sample) => sample.family === family).map(({ prompt }) => prompt))];
  const asked = [...requests, ...benignRequests].map((prompt) => classifier.promptProbability([prompt]));
  const isOfFamily = asked.map((_, place) => place < requests.length);
  const from = uncertainFrom.input ?? 1;
  return [
    `${family}, ${answers.length} answers: AUROC ${areaUnderRoc(scores, harmful)?.toFixed(3) ?? "–"}, ` +
      `recall ${share(flagged(true))}, false positives ${share(flagged(false))}`,
    `${family}, ${requests.length} requests: AUROC ${areaUnderRoc(asked, isOfFamily)?.toFixed(3) ?? "–"}, ` +
      `a judge is asked of ${share(asked.slice(0, requests.length).map((score) => score >= from))}, ` +
      `of benign requests ${share(asked.slice(requests.length).map((score) => score >= from))}`,
  ];
}
