// One part of a release: claims its mistakes, builds its examples, writes its files. Law: safe to repeat at any point — its mistakes
// are claimed first, its files have fixed names, and what it needs of other parts is in their results; memory holds one part.
import { fnv1a } from "../lib/fnv1a.ts";
import type { FastGuardrail } from "../guardrail/guardrail.ts";
import { sha256 } from "../lib/hash.ts";
import type { ObjectStore } from "../lib/object-store.ts";
import { err, ok, type Result } from "../lib/result.ts";
import { isSound } from "../mistake/analysis-quality.ts";
import type { MistakeStore, MistakeWithAnalyses } from "../mistake/mistake-store.ts";
import { dataFileName, lineageName } from "../release/release-file-name.ts";
import type { ReleaseStore } from "../release/release-store.ts";
import { SPLITS, type Release, type ReleaseFile } from "../release/release.ts";
import { buildRelease, type BuiltRelease } from "./build-release.ts";
import type { CheckTarget } from "./check-target.ts";
import { linesIn, wantsPreferences } from "./formats/release-formats.ts";
import { isFreeGood } from "./good-answers.ts";
import { heldOutBy, speaksOf } from "./holdout.ts";
import { lintedPart } from "./lint/linted-part.ts";
import type { NormalPairSource, PairPlace } from "./normal-pair-source.ts";
import { uniqueSorted, type PartResult } from "./part-result.ts";
import { lineageOf } from "./release-lineage.ts";
import { releaseContentType, releaseObjectKey } from "./release-objects.ts";
import { splitByHash } from "./split-examples.ts";
import type { EXAMPLE_TYPES } from "./training-example.ts";

export interface WritePartDependencies {
  readonly mistakes: Pick<MistakeStore, "claimForRelease" | "listClaimed" | "list">;
  readonly releases: Pick<ReleaseStore, "recordLineage" | "representedClusters">;
  readonly objects: ObjectStore;
  readonly checkTarget: CheckTarget;
  /** for the lint of what was built */
  readonly guardrails: readonly FastGuardrail[];
  readonly pairs: NormalPairSource;
  readonly wasRefusedInError: (promptKey: string) => boolean;
  /** for tests: a part as small as they need it */
  readonly partMistakes?: number;
}

export interface AskedPart {
  readonly part: number;
  readonly after: string | null;
  readonly pairs: PairPlace;
  readonly goodAfter: string | null;
}

/** A Worker has 128 MB: a part ends with whichever comes first. */
export const PART_MISTAKES = 2_000;
const PART_UNITS = 6_000_000;
/** A mistake with its exchange is at most 96 KiB inline. */
const PAGE_SIZE = 100;
const MOST_PAIRS = 20_000;
/** What the checks may withhold. */
const SPARE_PAIRS = 200;
const MOST_GOOD_ANSWERS = 500;

interface LoadedPart {
  readonly mistakes: readonly MistakeWithAnalyses[];
  readonly isLast: boolean;
}

async function loadMistakes(
  { mistakes, partMistakes = PART_MISTAKES }: WritePartDependencies,
  { projectId, id, includeReleased }: Release,
  from: string | null,
): Promise<LoadedPart> {
  await mistakes.claimForRelease(projectId, id, partMistakes, from);
  const loaded: MistakeWithAnalyses[] = [];
  let after = from;
  let units = 0;
  while (loaded.length < partMistakes && units < PART_UNITS) {
    const limit = Math.min(PAGE_SIZE, partMistakes - loaded.length);
    const page = await mistakes.listClaimed(projectId, id, { after, limit, includeReleased });
    for (const item of page) {
      // Verdicts are most of a mistake, and no part of any example.
      loaded.push({ ...item, mistake: { ...item.mistake, verdicts: [] } });
      units += JSON.stringify(item.mistake.exchange).length;
    }
    after = page.at(-1)?.mistake.id ?? after;
    if (page.length < limit) return { mistakes: loaded, isLast: true };
  }
  return { mistakes: loaded, isLast: false };
}

/** What a person, or the policy in a person's stead, has decided. */
const REVIEWED: ReadonlySet<string> = new Set(["confirmed", "dismissed", "released"]);

/** How many normal rows this part may need. */
function mostNormal({ options }: Release, mistakes: number): number {
  if (mistakes === 0) return 1;
  const copies = Math.ceil(Math.max(1, ...Object.values(options.weights)));
  // Each may have an analysis and a correction.
  const wanted = (2 * mistakes * copies * (1 - options.analysesShare)) / options.analysesShare;
  return Math.min(MOST_PAIRS, Math.ceil(wanted) + SPARE_PAIRS);
}

async function loadGoodAnswers(
  { mistakes }: WritePartDependencies,
  { projectId }: Release,
  cursor: string | null,
  most: number,
): Promise<readonly MistakeWithAnalyses[]> {
  if (most <= 1) return [];
  const page = { limit: Math.min(most, MOST_GOOD_ANSWERS), cursor };
  return (await mistakes.list(projectId, { state: "dismissed" }, page)).items;
}

function versionsOf(mistakes: readonly MistakeWithAnalyses[]): PartResult["versions"] {
  const provenances = mistakes.map(({ mistake }) => mistake.provenance);
  const analyses = mistakes.flatMap((item) => item.analyses.findLast(isSound) ?? []);
  return {
    models: uniqueSorted(provenances.map(({ model }) => model)),
    guidance: uniqueSorted(provenances.map(({ guidanceVersion }) => guidanceVersion)),
    policies: uniqueSorted(provenances.map(({ policyVersion }) => policyVersion)),
    analysis_prompts: uniqueSorted(analyses.map(({ promptVersion }) => promptVersion)),
    analysts: uniqueSorted(analyses.map(({ model }) => model)),
  };
}

function countsOf({ train, validation, withheld }: BuiltRelease): Pick<PartResult, "counts" | "withheld"> {
  const examples = [...train, ...validation];
  const count = (type: (typeof EXAMPLE_TYPES)[number]): number => examples.filter((each) => each.type === type).length;
  const reasons: Record<string, number> = {};
  for (const { reason } of withheld) reasons[reason] = (reasons[reason] ?? 0) + 1;
  return {
    counts: {
      analysis: count("analysis"),
      correction: count("correction"),
      normal: count("normal"),
      preference: count("preference"),
    },
    withheld: reasons,
  };
}

interface FileText {
  readonly text: string;
  readonly rows: number;
}

/** By name. */
function filesOf({ options }: Release, part: number, built: BuiltRelease): ReadonlyMap<string, FileText> {
  const files = new Map<string, FileText>();
  for (const format of options.formats) {
    for (const split of SPLITS) {
      const lines = linesIn(format, built[split]);
      // A release of nothing is files of nothing; a later part may lack a split.
      if (lines.length === 0 && part > 1) continue;
      files.set(dataFileName({ format, split, part }), { text: lines.join(""), rows: lines.length });
    }
  }
  return files;
}

async function writeFile(
  objects: ObjectStore,
  release: Release,
  name: string,
  { text, rows }: FileText,
): Promise<ReleaseFile> {
  const bytes = new TextEncoder().encode(text);
  await objects.put(releaseObjectKey(release, name), bytes, releaseContentType(name));
  return { name, bytes: bytes.byteLength, sha256: await sha256(bytes), rows };
}

/** The error says why the release can't be made at all. */
export async function writePart(
  dependencies: WritePartDependencies,
  release: Release,
  { part, after, pairs, goodAfter }: AskedPart,
): Promise<Result<PartResult, string>> {
  const { options, projectId, id } = release;
  const { mistakes, isLast } = await loadMistakes(dependencies, release, after);
  const most = mostNormal(release, mistakes.length);
  const taken = await dependencies.pairs.take(pairs, most);
  if (!taken.ok) return err(taken.error);
  const goodAnswers = await loadGoodAnswers(dependencies, release, goodAfter, mistakes.length === 0 ? 0 : most);
  const clusterIds = mistakes.flatMap(({ mistake }) => mistake.clusterId ?? []);
  const represented = await dependencies.releases.representedClusters(projectId, id, clusterIds, after);
  const isWhole = part === 1 && isLast;
  const isHeldOutText = speaksOf(options.holdout.topics);
  const splitOf = isWhole ? null : splitByHash(options.seed);
  const built = buildRelease({
    mistakes,
    goodAnswers: goodAnswers.filter(isFreeGood),
    normalPairs: taken.value.map(({ pair }) => pair),
    checkTarget: dependencies.checkTarget,
    orderOf: (text) => fnv1a(text, `order ${options.seed}`),
    analysesShare: options.analysesShare,
    withPreferences: wantsPreferences(options.formats),
    isHeldOut: heldOutBy(options.holdout),
    isHeldOutText,
    weights: options.weights,
    represented: options.clusters === "one" ? new Set(represented) : null,
    wasRefusedInError: dependencies.wasRefusedInError,
    ...(splitOf === null ? {} : { splitOf }),
  });
  const all = [...mistakes, ...goodAnswers];
  const states = new Map(all.map(({ mistake }) => [mistake.id, mistake.state]));
  const clean = lintedPart(built, {
    filesOf: (each) => filesOf(release, part, each),
    lineageOf: (each) => lineageOf(each, all),
    terms: {
      guardrails: dependencies.guardrails,
      isReviewed: (mistakeId) => REVIEWED.has(states.get(mistakeId) ?? ""),
      isHeldOutText,
      wasRefusedInError: dependencies.wasRefusedInError,
    },
  });
  if (!clean.ok) return clean;
  const { lineage, files: texts, built: kept } = clean.value;
  const files: ReleaseFile[] = [];
  for (const [name, text] of texts) files.push(await writeFile(dependencies.objects, release, name, text));
  const lineageText = { text: `${JSON.stringify(lineage)}\n`, rows: lineage.lineage.length };
  files.push(await writeFile(dependencies.objects, release, lineageName(part), lineageText));
  const held = [...lineage.lineage, ...lineage.members].flatMap(({ mistake_id: mistakeId }) => mistakeId ?? []);
  await dependencies.releases.recordLineage(projectId, id, [...new Set(held)]);
  return ok({
    after: isLast ? null : (mistakes.at(-1)?.mistake.id ?? null),
    isWhole,
    files,
    ...countsOf(kept),
    members: lineage.members.length,
    versions: versionsOf(mistakes),
    pairs: taken.value[built.pairsRead - 1]?.next ?? pairs,
    goodAfter: goodAnswers.at(-1)?.mistake.id ?? goodAfter,
  });
}
