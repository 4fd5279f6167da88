// `npm run train:classifier`: fits the edge classifier from the sets whose licence permits it and writes its weights;
// `-- --without FAMILY` fits without an attack family, measures on it and writes nothing.
// Law: deterministic; data comes from SETBACK_DATA alone.
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { promptRow } from "../bench/data-rows.ts";
import { dataFolder, MissingData, readRows, runWithData } from "../bench/data.ts";
import { ATTACK_FAMILIES } from "./train-classifier/attack-families.ts";
import { readCategoryTexts } from "./train-classifier/category-data.ts";
import { readFitData } from "./train-classifier/fit-data.ts";
import { leftOutLines, withoutFamily } from "./train-classifier/left-out.ts";
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

function train(folder: string): void {
  const data = readFitData(folder);
  const trained = trainEdgeClassifier(data, readCategoryTexts(folder, data.partOf), OPTIONS);
  const file = weightsFile(trained);
  writeFileSync(FILE, file);
  for (const line of trained.summary) console.log(line);
  const { weights, thresholds, uncertainFrom } = trained;
  console.log(`version ${weights.version}, ${file.length} bytes`);
  console.log(`thresholds ${JSON.stringify(thresholds)}, uncertain from ${JSON.stringify(uncertainFrom)}`);
}

function trainWithout(folder: string, name: string): void {
  const families = withoutFamily(ATTACK_FAMILIES, name);
  if (families === null) {
    throw new MissingData(`No attack family is called ${name}: ${ATTACK_FAMILIES.map((one) => one.name).join(", ")}.`);
  }
  const data = readFitData(folder, families);
  const benign = readRows(folder, "prompts/harmless_instructions", promptRow).map(({ prompt }) => prompt);
  for (const line of leftOutLines(name, trainEdgeClassifier(data, [], OPTIONS), data, benign)) console.log(line);
}

await runWithData(() => {
  const { values } = parseArgs({ options: { without: { type: "string" } } });
  const folder = dataFolder(process.env);
  if (values.without === undefined) train(folder);
  else trainWithout(folder, values.without);
});
