// Lints one part of a release that is ready, as it lies in the object store. Law: memory holds one part; a file that is gone or changed
// is a fault too.
import type { FastGuardrail } from "../../guardrail/guardrail.ts";
import { sha256 } from "../../lib/hash.ts";
import type { ObjectStore } from "../../lib/object-store.ts";
import { parseJson } from "../../lib/parse-json.ts";
import { lineageName, MANIFEST_NAME, readDataFileName } from "../../release/release-file-name.ts";
import type { Release } from "../../release/release.ts";
import { speaksOf } from "../holdout.ts";
import { lineagePartSchema, type LineageEntry } from "../release-lineage.ts";
import { releaseFileKey } from "../release-objects.ts";
import type { LintFault, LintReport } from "./lint-faults.ts";
import { lintRelease } from "./lint-release.ts";

export interface LintStoredDependencies {
  readonly objects: Pick<ObjectStore, "getText">;
  readonly guardrails: readonly FastGuardrail[];
  /** those of the mistakes that nobody has reviewed */
  readonly unreviewed: (mistakeIds: readonly string[]) => Promise<ReadonlySet<string>>;
}

export function partsOfRelease({ files }: Release): number {
  return Math.max(1, ...files.map(({ name }) => readDataFileName(name)?.part ?? 1));
}

export async function lintStoredPart(
  { objects, guardrails, unreviewed }: LintStoredDependencies,
  release: Release,
  part: number,
): Promise<LintReport> {
  const faults: LintFault[] = [];
  const textOf = async (name: string): Promise<string> => {
    const file = release.files.find((each) => each.name === name);
    const text = file === undefined ? null : await objects.getText(releaseFileKey(release, file));
    if (text === null || (await sha256(text)) !== file?.sha256) {
      faults.push({ fault: "changed_file", file: name, row: null });
    }
    return text ?? "";
  };
  const apart = lineageName(part);
  const name = release.files.some((file) => file.name === apart) ? apart : MANIFEST_NAME;
  const read = lineagePartSchema.safeParse(parseJson(await textOf(name)));
  if (!read.success) faults.push({ fault: "lineage", file: name, row: null });
  const lineage: readonly LineageEntry[] = read.data?.lineage ?? [];
  const files = new Map<string, string>();
  for (const file of release.files) {
    if (readDataFileName(file.name)?.part === part) files.set(file.name, await textOf(file.name));
  }
  const open = await unreviewed([...new Set(lineage.flatMap((entry) => entry.mistake_id ?? []))]);
  const report = lintRelease({
    ...{ files, lineage, guardrails },
    isReviewed: (mistakeId) => !open.has(mistakeId),
    isHeldOutText: speaksOf(release.options.holdout.topics),
  });
  return { ...report, found: report.found + faults.length, faults: [...faults, ...report.faults] };
}
