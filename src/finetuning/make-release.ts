// Stage 3's data: makes a requested release ready. Law: safe to repeat at any point — mistakes are claimed first, files have
// fixed names, and one transaction publishes; a failure frees what was claimed.
import type { Clock } from "../lib/clock.ts";
import { fnv1a } from "../lib/fnv1a.ts";
import { sha256 } from "../lib/hash.ts";
import type { Logger } from "../lib/logger.ts";
import type { ObjectStore } from "../lib/object-store.ts";
import { ok, type Result } from "../lib/result.ts";
import type { FastGuardrail } from "../guardrail/guardrail.ts";
import type { MistakeStore, MistakeWithAnalyses } from "../mistake/mistake-store.ts";
import type { Release, ReleaseFile, ReleaseFileName } from "../release/release.ts";
import type { ReleaseStore } from "../release/release-store.ts";
import { buildRelease, type BuiltRelease } from "./build-release.ts";
import { checkTargetWith } from "./check-target.ts";
import { DEFAULT_NORMAL_PAIRS } from "./default-normal-pairs.ts";
import { readNormalPairs, type NormalPair } from "./normal-pair.ts";
import { releaseManifest } from "./release-manifest.ts";
import { releaseContentType, releaseObjectKey } from "./release-objects.ts";
import { exampleLine, type TrainingExample } from "./training-example.ts";

export interface MakeReleaseDependencies {
  readonly mistakes: Pick<MistakeStore, "claimForRelease" | "listClaimed">;
  readonly releases: ReleaseStore;
  readonly objects: ObjectStore;
  readonly guardrails: readonly FastGuardrail[];
  /** the operator's JSONL in the object store; null: the small synthetic default */
  readonly normalPairsKey: string | null;
  readonly clock: Clock;
  readonly logger: Logger;
}

/** More wait for the next release: a Worker has 128 MB, and a mistake with its exchange at most 96 KiB inline. */
const MOST_MISTAKES = 2_000;
const PAGE_SIZE = 100;

export async function makeRelease(
  dependencies: MakeReleaseDependencies,
  projectId: string,
  releaseId: string,
): Promise<void> {
  const { releases, clock, logger } = dependencies;
  const release = await releases.get(projectId, releaseId);
  if (release?.status !== "building") return;
  const normal = await loadNormalPairs(dependencies);
  if (!normal.ok) {
    await releases.fail(projectId, releaseId, normal.error);
    logger.error("release_failed", { release: releaseId, reason: normal.error });
    return;
  }
  const mistakes = await loadMistakes(dependencies, release);
  const built = buildRelease({
    mistakes,
    normalPairs: normal.value.pairs,
    checkTarget: checkTargetWith(dependencies.guardrails),
    orderOf: (text) => fnv1a(text, releaseId),
  });
  const files = await writeFiles(dependencies.objects, release, mistakes, built, normal.value.source);
  const examples = [...built.train, ...built.validation];
  await releases.publish(projectId, releaseId, {
    counts: countTypes(examples),
    files,
    readyAt: clock(),
    mistakeIds: examples.flatMap(({ mistakeId }) => (mistakeId === null ? [] : [mistakeId])),
  });
  logger.info("release_ready", { release: releaseId, rows: examples.length });
}

function countTypes(examples: readonly TrainingExample[]): { analysis: number; normal: number } {
  const analysis = examples.filter(({ type }) => type === "analysis").length;
  return { analysis, normal: examples.length - analysis };
}

interface LoadedPairs {
  readonly pairs: readonly NormalPair[];
  /** what the manifest calls them */
  readonly source: string;
}

async function loadNormalPairs(dependencies: MakeReleaseDependencies): Promise<Result<LoadedPairs, string>> {
  const { normalPairsKey, objects } = dependencies;
  if (normalPairsKey === null) return ok({ pairs: DEFAULT_NORMAL_PAIRS, source: "synthetic default" });
  const jsonl = await objects.getText(normalPairsKey);
  if (jsonl === null) {
    return { ok: false, error: `SETBACK_NORMAL_PAIRS names the object "${normalPairsKey}", which isn't there` };
  }
  const read = readNormalPairs(jsonl);
  return read.ok ? ok({ pairs: read.value, source: normalPairsKey }) : read;
}

async function loadMistakes(
  { mistakes }: MakeReleaseDependencies,
  { projectId, id, includeReleased }: Release,
): Promise<readonly MistakeWithAnalyses[]> {
  await mistakes.claimForRelease(projectId, id, MOST_MISTAKES);
  const loaded: MistakeWithAnalyses[] = [];
  let after: string | null = null;
  while (loaded.length < MOST_MISTAKES) {
    const page: readonly MistakeWithAnalyses[] = await mistakes.listClaimed(projectId, id, {
      after,
      limit: PAGE_SIZE,
      includeReleased,
    });
    loaded.push(...page);
    after = page.at(-1)?.mistake.id ?? null;
    if (page.length < PAGE_SIZE) break;
  }
  return loaded;
}

async function writeFiles(
  objects: ObjectStore,
  release: Release,
  mistakes: readonly MistakeWithAnalyses[],
  built: BuiltRelease,
  normalSource: string,
): Promise<readonly ReleaseFile[]> {
  const write = async (name: ReleaseFileName, text: string, rows: number): Promise<ReleaseFile> => {
    const bytes = new TextEncoder().encode(text);
    await objects.put(releaseObjectKey(release, name), bytes, releaseContentType(name));
    return { name, bytes: bytes.byteLength, sha256: await sha256(bytes), rows };
  };
  const train = await write("train.jsonl", built.train.map(exampleLine).join(""), built.train.length);
  const validation = await write(
    "validation.jsonl",
    built.validation.map(exampleLine).join(""),
    built.validation.length,
  );
  const manifest = releaseManifest(release, mistakes, built, [train, validation], normalSource);
  return [train, validation, await write("manifest.json", `${JSON.stringify(manifest, null, 2)}\n`, 0)];
}
