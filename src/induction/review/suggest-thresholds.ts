// What reviews say of thresholds: of each guardrail, side and category, how many of its flags people confirmed, and from which score on
// enough of them would have been right. Law: pure, and only a suggestion. It knows flags alone, so it can say «higher», never «lower».
import type { ScoredMistake } from "../../mistake/review-store.ts";
import type { Side } from "../../guardrail/verdict.ts";
import type { Category } from "../../policy/category.ts";

/** Fewer reviews than these say nothing about a share. */
export const FEWEST_REVIEWED = 20;

export interface ThresholdSuggestion {
  readonly guardrail: string;
  readonly side: Side;
  readonly category: Category;
  /** flags with a score that people decided on */
  readonly reviewed: number;
  readonly confirmed: number;
  /** the newest one that a verdict was made with */
  readonly currentThreshold: number;
  /** the share of them that people confirmed; null where none scored that high */
  readonly precision: number | null;
  /** the lowest score from which on the target is reached; null where too few were reviewed, or no score reaches it */
  readonly suggestedThreshold: number | null;
  readonly suggestedPrecision: number | null;
  /** the share of what people confirmed that would still be flagged */
  readonly kept: number | null;
}

interface Sample {
  readonly score: number;
  readonly isMistake: boolean;
}

interface Group {
  readonly of: Pick<ThresholdSuggestion, "guardrail" | "side" | "category" | "currentThreshold">;
  readonly samples: Sample[];
}

function groupsOf(scored: readonly ScoredMistake[]): readonly Group[] {
  const groups = new Map<string, Group>();
  for (const { verdicts, isMistake } of scored) {
    for (const { guardrail, side, status, score, threshold, findings } of verdicts) {
      if (status !== "flag" || score === null || threshold === null) continue;
      for (const category of new Set(findings.map((finding) => finding.category))) {
        const key = JSON.stringify([guardrail, side, category]);
        const group = groups.get(key) ?? {
          of: { guardrail, side, category, currentThreshold: threshold },
          samples: [],
        };
        group.samples.push({ score, isMistake });
        groups.set(key, group);
      }
    }
  }
  return [...groups.values()];
}

function confirmedOf(samples: readonly Sample[]): number {
  return samples.filter(({ isMistake }) => isMistake).length;
}

/** From the highest score down: the lowest one at which the share of mistakes among all from there on reaches the target. */
function lowestReaching(samples: readonly Sample[], target: number) {
  const highestFirst = samples.toSorted((left, right) => right.score - left.score);
  let best: { readonly threshold: number; readonly precision: number; readonly confirmed: number } | null = null;
  let confirmed = 0;
  for (const [index, { score, isMistake }] of highestFirst.entries()) {
    if (isMistake) confirmed += 1;
    const seen = index + 1;
    // Equal scores fall on the same side of any threshold.
    if (highestFirst[seen]?.score === score || seen < FEWEST_REVIEWED) continue;
    if (confirmed / seen >= target) best = { threshold: score, precision: confirmed / seen, confirmed };
  }
  return best;
}

/** @param scored the newest first: the threshold of the first verdict of a kind is its current one */
export function suggestThresholds(
  scored: readonly ScoredMistake[],
  targetPrecision: number,
): readonly ThresholdSuggestion[] {
  return groupsOf(scored).map(({ of, samples }) => {
    const confirmed = confirmedOf(samples);
    const flagged = samples.filter(({ score }) => score >= of.currentThreshold);
    const best = lowestReaching(samples, targetPrecision);
    return {
      ...of,
      reviewed: samples.length,
      confirmed,
      precision: flagged.length === 0 ? null : confirmedOf(flagged) / flagged.length,
      suggestedThreshold: best?.threshold ?? null,
      suggestedPrecision: best?.precision ?? null,
      kept: best === null || confirmed === 0 ? null : best.confirmed / confirmed,
    };
  });
}
