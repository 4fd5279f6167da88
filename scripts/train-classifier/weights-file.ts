// Writes trained weights as a TypeScript module. Law: the same weights give the same bytes.
import type { Trained } from "./train.ts";

export function weightsFile({ weights, thresholds, uncertainFrom }: Trained): string {
  return [
    "// The edge classifier's weights and the thresholds that calibration chose (docs/model-card.md).",
    "// Law: written by `npm run train:classifier`, never by hand.",
    'import type { EdgeThresholds, EdgeWeights } from "./edge-weights.ts";',
    "",
    `export const THRESHOLDS: EdgeThresholds = ${JSON.stringify(thresholds)};`,
    "",
    `export const UNCERTAIN_FROM: EdgeThresholds = ${JSON.stringify(uncertainFrom)};`,
    "",
    `export const WEIGHTS: EdgeWeights = ${JSON.stringify(weights)};`,
    "",
  ].join("\n");
}
