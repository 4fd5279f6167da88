// Reads OpenAI's moderation of one text. Law: every documented category must be there and no other; what was flagged and what is said
// of it must agree, else nobody knows what was judged.
import { z } from "zod";
import { err, ok, type Result } from "../../../lib/result.ts";
import type { Category } from "../../../policy/category.ts";
import { CATEGORY_LABELS, labelledCategory } from "../../../policy/category-labels.ts";
import type { Side } from "../../verdict.ts";
import type { Judgement } from "../judge-in-pieces.ts";
import { labelledFindings } from "../labelled-finding.ts";

export interface ModerationThresholds {
  /** by OpenAI's label; what has none is flagged as OpenAI itself does */
  readonly labels: Readonly<Record<string, number>>;
  /** by our category: these go before */
  readonly categories: Readonly<Record<string, number>>;
}

const UNCLEAR = "the moderation is not in OpenAI's form";
const LABELS = Object.keys(CATEGORY_LABELS.openai_moderation);
/** The older models judge neither and say null (the openai package's types). */
const NOT_ALWAYS_THERE = new Set(["illicit", "illicit/violent"]);

const moderationSchema = z.looseObject({
  model: z.string(),
  results: z.tuple([
    z.looseObject({
      flagged: z.boolean(),
      categories: z.record(z.string(), z.boolean().nullable()),
      category_scores: z.record(z.string(), z.number().min(0).max(1).nullable()),
    }),
  ]),
});

interface Scored {
  readonly label: string;
  readonly score: number;
  readonly threshold: number | null;
  readonly isFlagged: boolean;
}

function thresholdOf(label: string, { labels, categories }: ModerationThresholds): number | null {
  const category: Category | null = labelledCategory("openai_moderation", label);
  const own = Object.hasOwn(labels, label) ? labels[label] : undefined;
  return (category !== null && Object.hasOwn(categories, category) ? categories[category] : own) ?? null;
}

function highest(scored: readonly Scored[]): Judgement["score"] {
  const [first, ...rest] = scored;
  if (first === undefined) return null;
  const { score, threshold } = rest.reduce((best, each) => (each.score > best.score ? each : best), first);
  return { score, threshold };
}

export function readModeration(
  answer: unknown,
  side: Side,
  thresholds: ModerationThresholds,
): Result<Judgement, string> {
  const parsed = moderationSchema.safeParse(answer);
  if (!parsed.success) return err(UNCLEAR);
  const [{ flagged, categories, category_scores: scores }] = parsed.data.results;
  if (Object.keys({ ...categories, ...scores }).some((label) => !LABELS.includes(label))) return err(UNCLEAR);
  const scored: Scored[] = [];
  for (const label of LABELS) {
    const [isTheirs, score] = [categories[label] ?? null, scores[label] ?? null];
    if (isTheirs === null && score === null && NOT_ALWAYS_THERE.has(label)) continue;
    if (isTheirs === null || score === null) return err(UNCLEAR);
    const threshold = thresholdOf(label, thresholds);
    scored.push({ label, score, threshold, isFlagged: threshold === null ? isTheirs : score >= threshold });
  }
  if (flagged !== Object.values(categories).includes(true)) return err(UNCLEAR);
  const over = scored.filter(({ isFlagged }) => isFlagged);
  const findings = labelledFindings(
    "openai_moderation",
    over.map(({ label }) => label),
    side,
  );
  if (!findings.ok) return findings;
  return ok({ findings: findings.value, rationale: null, score: highest(over.length > 0 ? over : scored) });
}
