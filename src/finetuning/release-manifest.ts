// The manifest of a release: what is in it, where each row comes from, and what was left out. Law: ids, versions and counts; no text.
import { z } from "zod";
import type { Release, ReleaseFile } from "../release/release.ts";
import { seconds } from "../wire/seconds.ts";
import { mergedCounts, mergedVersions, type PartResult } from "./part-result.ts";
import type { LineagePart } from "./release-lineage.ts";
import { UNGUIDED_PROMPTS } from "./unguided-prompts.ts";

/** What whoever reads or rewrites a manifest needs of it. */
export const manifestSchema = z.looseObject({
  release_id: z.string(),
  created_at: z.int(),
  formats: z.array(z.string()).default(["openai_chat"]),
  normal_pairs: z.string(),
  counts: z.record(z.string(), z.int()),
  analyses_share: z.number(),
  files: z.array(z.looseObject({ name: z.string(), rows: z.int(), sha256: z.string() })),
  withheld_by_reason: z.record(z.string(), z.int()).default({}),
  members: z.array(z.unknown()).default([]),
  erased: z.int().min(0).default(0),
});

export type Manifest = z.infer<typeof manifestSchema>;

export function analysesShare(counts: Readonly<Record<string, number>>): number {
  const rows = (counts["analysis"] ?? 0) + (counts["correction"] ?? 0) + (counts["normal"] ?? 0);
  return rows === 0 ? 0 : (counts["analysis"] ?? 0) / rows;
}

/** With names of types that have none left out, but for the two that every release names. */
export function shownCounts(counts: Readonly<Record<string, number>>): {
  analysis: number;
  normal: number;
  correction?: number;
  preference?: number;
} {
  const { analysis = 0, normal = 0, correction = 0, preference = 0 } = counts;
  return {
    analysis,
    normal,
    ...(correction === 0 ? {} : { correction }),
    ...(preference === 0 ? {} : { preference }),
  };
}

/** @param lineage of a release of one part; null: each part has a file of it */
export function releaseManifest(
  release: Release,
  parts: readonly PartResult[],
  files: readonly ReleaseFile[],
  lineage: LineagePart | null,
  normalSource: string,
): object {
  const { options } = release;
  const counts = shownCounts(mergedCounts(parts.map((part) => part.counts)));
  const share = analysesShare(counts);
  return {
    release_id: release.id,
    project_id: release.projectId,
    created_at: seconds(release.createdAt),
    includes_released: release.includeReleased,
    method: "learning from mistakes, unguided mistake analysis (arXiv 2310.10477)",
    formats: options.formats,
    options: {
      seed: options.seed,
      clusters: options.clusters,
      analyses_share: options.analysesShare,
      weights: options.weights,
      holdout: options.holdout,
    },
    unguided_prompt_versions: Object.values(UNGUIDED_PROMPTS).map(({ version }) => version),
    versions: mergedVersions(parts.map(({ versions }) => versions)),
    normal_pairs: normalSource,
    counts,
    cluster_members: parts.reduce((sum, { members }) => sum + members, 0),
    analyses_share: share,
    analyses_share_kept: share <= options.analysesShare,
    split:
      parts.length === 1 && parts[0]?.isWhole === true ? "a tenth of the prompts" : "a tenth of all prompts, by hash",
    parts: parts.length,
    files,
    withheld_by_reason: mergedCounts(parts.map(({ withheld }) => withheld)),
    lineage: lineage?.lineage ?? [],
    members: lineage?.members ?? [],
    withheld: lineage?.withheld ?? [],
  };
}
