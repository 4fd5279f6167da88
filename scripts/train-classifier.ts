// `npm run train:classifier`: fits the edge classifier from the sets whose licence permits it and writes its weights.
// Law: deterministic; data comes from SETBACK_DATA alone.
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { dataFolder, MissingData } from "../bench/data.ts";
import { readCategoryTexts } from "./train-classifier/category-data.ts";
import { readFitData } from "./train-classifier/fit-data.ts";
import { trainEdgeClassifier, type TrainingOptions } from "./train-classifier/train.ts";
import { weightsFile } from "./train-classifier/weights-file.ts";

/** Chosen as docs/decisions/edge-classifier.md tells. */
const OPTIONS: TrainingOptions = {
  bucketBits: 16,
  openingWords: 24,
  regularisation: 4e-3,
  iterations: 40,
  lengths: { prompt: 0.6, answer: 1, opening: 0.5 },
  thresholdDeviations: 3,
  uncertainDeviations: 1.2816,
  categoryBucketBits: 13,
};

const FILE = join(import.meta.dirname, "..", "src", "guardrail", "edge-classifier", "weights.ts");

try {
  const folder = dataFolder(process.env);
  const trained = trainEdgeClassifier(readFitData(folder), readCategoryTexts(folder), OPTIONS);
  const file = weightsFile(trained);
  writeFileSync(FILE, file);
  for (const line of trained.summary) console.log(line);
  const { weights, thresholds, uncertainFrom } = trained;
  console.log(`version ${weights.version}, ${file.length} bytes`);
  console.log(`thresholds ${JSON.stringify(thresholds)}, uncertain from ${JSON.stringify(uncertainFrom)}`);
} catch (error) {
  if (!(error instanceof MissingData)) throw error;
  console.error(error.message);
  process.exitCode = 1;
}
