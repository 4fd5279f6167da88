// A built part that lints clean. Law: what a row is found to be wrong for is withheld with its mistake; a part that is still not clean
// fails the release with the sentence that says why.
import { err, ok, type Result } from "../../lib/result.ts";
import { readDataFileName } from "../../release/release-file-name.ts";
import type { BuiltRelease } from "../build-release.ts";
import { RELEASE_FORMAT_WRITERS } from "../formats/release-formats.ts";
import type { LineagePart } from "../release-lineage.ts";
import { promptMark } from "../split-examples.ts";
import type { TrainingExample } from "../training-example.ts";
import { lintSentence, type LintFault } from "./lint-faults.ts";
import { lintRelease, type LintInputs } from "./lint-release.ts";

interface FileText {
  readonly text: string;
  readonly rows: number;
}

export interface PartParts {
  readonly filesOf: (built: BuiltRelease) => ReadonlyMap<string, FileText>;
  readonly lineageOf: (built: BuiltRelease) => LineagePart;
  readonly terms: Omit<LintInputs, "files" | "lineage">;
}

export interface LintedPart {
  readonly built: BuiltRelease;
  readonly files: ReadonlyMap<string, FileText>;
  readonly lineage: LineagePart;
}

const MOST_ROUNDS = 4;

function faultyExamples(
  { train, validation }: BuiltRelease,
  faults: readonly LintFault[],
): ReadonlySet<TrainingExample> {
  const found = new Set<TrainingExample>();
  for (const { file, row } of faults) {
    const data = readDataFileName(file);
    if (data === null || row === null) continue;
    const { types } = RELEASE_FORMAT_WRITERS[data.format];
    const rows = (data.split === "train" ? train : validation).filter(({ type }) => types.includes(type));
    const example = rows[row];
    if (example !== undefined) found.add(example);
  }
  return found;
}

/** Without whatever is made of the same mistake, or, of a normal pair, asks the same. */
function without(built: BuiltRelease, faulty: ReadonlySet<TrainingExample>): BuiltRelease {
  const nameOf = ({ mistakeId, promptKey }: TrainingExample): string => mistakeId ?? `pair ${promptMark(promptKey)}`;
  const names = new Set([...faulty].map(nameOf));
  const stays = (example: TrainingExample): boolean => !names.has(nameOf(example));
  const withheld = [...new Map([...faulty].map((example) => [nameOf(example), example.mistakeId])).values()];
  return {
    ...built,
    train: built.train.filter(stays),
    validation: built.validation.filter(stays),
    withheld: [...built.withheld, ...withheld.map((mistakeId) => ({ mistakeId, reason: "lint" as const }))],
  };
}

export function lintedPart(first: BuiltRelease, { filesOf, lineageOf, terms }: PartParts): Result<LintedPart, string> {
  let built = first;
  for (let round = 1; ; round += 1) {
    const files = filesOf(built);
    const lineage = lineageOf(built);
    const texts = new Map([...files].map(([name, { text }]) => [name, text]));
    const report = lintRelease({ ...terms, files: texts, lineage: lineage.lineage });
    if (report.found === 0) return ok({ built, files, lineage });
    const faulty = faultyExamples(built, report.faults);
    if (round === MOST_ROUNDS || faulty.size === 0) return err(lintSentence(report));
    built = without(built, faulty);
  }
}
