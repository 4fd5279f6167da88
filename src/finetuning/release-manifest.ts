// The manifest of a release: what is in it, where each row comes from, and what was left out. Law: ids, versions and counts; no text.
import type { MistakeWithAnalyses } from "../mistake/mistake-store.ts";
import type { Release, ReleaseFile } from "../release/release.ts";
import { seconds } from "../wire/seconds.ts";
import type { BuiltRelease } from "./build-release.ts";
import type { TrainingExample } from "./training-example.ts";
import { UNGUIDED_PROMPTS } from "./unguided-prompts.ts";

export function releaseManifest(
  release: Release,
  mistakes: readonly MistakeWithAnalyses[],
  built: BuiltRelease,
  files: readonly ReleaseFile[],
  normalSource: string,
): object {
  const byId = new Map(mistakes.map((item) => [item.mistake.id, item]));
  const lineage = (split: "train" | "validation", examples: readonly TrainingExample[]): readonly object[] =>
    examples.map(({ type, mistakeId }, row) => {
      if (mistakeId === null) return { split, row, type };
      const item = byId.get(mistakeId);
      const analysis = item?.analyses.at(-1);
      return {
        split,
        row,
        type,
        mistake_id: mistakeId,
        kind: item?.mistake.kind,
        model: item?.mistake.provenance.model,
        guidance_version: item?.mistake.provenance.guidanceVersion,
        policy_version: item?.mistake.provenance.policyVersion,
        classifier_version: item?.mistake.provenance.classifierVersion,
        analysis_id: analysis?.id,
        analysis_prompt_version: analysis?.promptVersion,
        analyst: analysis?.model,
      };
    });
  const examples = [...built.train, ...built.validation];
  const analyses = examples.filter(({ type }) => type === "analysis").length;
  return {
    release_id: release.id,
    project_id: release.projectId,
    created_at: seconds(release.createdAt),
    includes_released: release.includeReleased,
    method: "learning from mistakes, unguided mistake analysis (arXiv 2310.10477)",
    unguided_prompt_versions: Object.values(UNGUIDED_PROMPTS).map(({ version }) => version),
    normal_pairs: normalSource,
    counts: { analysis: analyses, normal: examples.length - analyses },
    analyses_share: examples.length === 0 ? 0 : analyses / examples.length,
    files,
    lineage: [...lineage("train", built.train), ...lineage("validation", built.validation)],
    withheld: built.withheld.map(({ mistakeId, reason }) => ({ mistake_id: mistakeId, reason })),
  };
}
