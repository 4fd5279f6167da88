// Reads what the written-policy judge said. Law: one JSON object with the four keys, each once, in agreement with one another; anything
// else is an error, since a model that explains, declines or contradicts itself has not judged.
import { z } from "zod";
import { parseJson } from "../../../lib/parse-json.ts";
import { err, ok, type Result } from "../../../lib/result.ts";
import type { Category } from "../../../policy/category.ts";
import { CONFIDENCES, type Confidence } from "./written-policy-prompt.ts";

export interface PolicyJudgement {
  /** empty: no violation */
  readonly categories: readonly Category[];
  readonly confidence: Confidence;
  readonly rationale: string;
}

const UNCLEAR = "the judge gave no clear judgement";
const MOST_CHARACTERS = 8_000;
const FENCE = /^```(?:json)?\s([^`]*)```$/i;
/** In valid JSON every quotation mark outside of a string begins one, so the strings are found one after the other. */
const STRINGS = /"(?:[^"\\]|\\.)*"(\s*:)?/g;

const judgementSchema = z.strictObject({
  violation: z.boolean(),
  categories: z.array(z.string()),
  confidence: z.enum(CONFIDENCES),
  rationale: z.string(),
});

/** JSON.parse keeps the last of two equal keys: such an answer is not clear. */
function hasEachKeyOnce(text: string): boolean {
  const keys = [...text.matchAll(STRINGS)].filter(([, colon]) => colon !== undefined);
  return keys.length === Object.keys(judgementSchema.shape).length;
}

/** @param known the policy's categories */
export function readPolicyJudgement(content: string, known: readonly Category[]): Result<PolicyJudgement, string> {
  if (content.length > MOST_CHARACTERS) return err("the judge said more than a judgement");
  const said = content.trim();
  const text = FENCE.exec(said)?.[1] ?? said;
  const judgement = judgementSchema.safeParse(parseJson(text));
  if (!judgement.success || !hasEachKeyOnce(text)) return err(UNCLEAR);
  const { violation, categories, confidence, rationale } = judgement.data;
  const names: readonly string[] = known;
  if (categories.some((category) => !names.includes(category))) {
    return err("the judge named a category that the policy does not have");
  }
  // A violation of nothing and a category without a violation contradict themselves.
  if (violation !== categories.length > 0) return err("the judge contradicts itself");
  return ok({ categories: known.filter((category) => categories.includes(category)), confidence, rationale });
}
