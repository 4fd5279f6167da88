// Where each row of one part of a release comes from. Law: ids, versions and marks, no text; entries stand in the order of the rows.
import { z } from "zod";
import type { MistakeWithAnalyses } from "../mistake/mistake-store.ts";
import { isSound } from "../mistake/analysis-quality.ts";
import { SPLITS, type Split } from "../release/release.ts";
import type { BuiltRelease } from "./build-release.ts";
import { promptMark } from "./split-examples.ts";
import { EXAMPLE_TYPES, type TrainingExample } from "./training-example.ts";

const entrySchema = z.looseObject({
  split: z.enum(SPLITS),
  /** among the rows of its split, or, of a preference, among the preferences of its split */
  row: z.int().min(0),
  type: z.enum(EXAMPLE_TYPES),
  mistake_id: z.string().optional(),
  /** the same for two rows of the same prompt */
  prompt: z.string().optional(),
});

export type LineageEntry = z.infer<typeof entrySchema>;

export const lineagePartSchema = z.looseObject({
  lineage: z.array(entrySchema),
  members: z.array(z.looseObject({ mistake_id: z.string() })).default([]),
  withheld: z.array(z.looseObject({ mistake_id: z.string().nullable() })),
});

export type LineagePart = z.infer<typeof lineagePartSchema>;

function entryOf(
  split: Split,
  row: number,
  { type, mistakeId, promptKey }: TrainingExample,
  byId: ReadonlyMap<string, MistakeWithAnalyses>,
): LineageEntry {
  const prompt = promptMark(promptKey);
  if (mistakeId === null) return { split, row, type, prompt };
  const item = byId.get(mistakeId);
  const entry = {
    ...{ split, row, type, prompt },
    mistake_id: mistakeId,
    kind: item?.mistake.kind,
    source: item?.mistake.source,
    cluster_id: item?.mistake.clusterId ?? undefined,
    model: item?.mistake.provenance.model,
    guidance_version: item?.mistake.provenance.guidanceVersion,
    policy_version: item?.mistake.provenance.policyVersion,
    classifier_version: item?.mistake.provenance.classifierVersion,
  };
  if (type !== "analysis") return entry;
  const analysis = item?.analyses.findLast(isSound);
  return {
    ...entry,
    analysis_id: analysis?.id,
    analysis_prompt_version: analysis?.promptVersion,
    analyst: analysis?.model,
  };
}

export function lineageOf(built: BuiltRelease, mistakes: readonly MistakeWithAnalyses[]): LineagePart {
  const byId = new Map(mistakes.map((item) => [item.mistake.id, item]));
  const lineage = SPLITS.flatMap((split) => {
    const counted = { rows: 0, preferences: 0 };
    return built[split].map((example) => {
      const group = example.type === "preference" ? "preferences" : "rows";
      counted[group] += 1;
      return entryOf(split, counted[group] - 1, example, byId);
    });
  });
  return {
    lineage,
    members: built.members.map(({ mistakeId, clusterId }) => ({ mistake_id: mistakeId, cluster_id: clusterId })),
    withheld: built.withheld.map(({ mistakeId, reason }) => ({ mistake_id: mistakeId, reason })),
  };
}
