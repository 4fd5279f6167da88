// Reads what the judge said. Law: exactly one clear yes or no, in the form asked for or as a single word; anything else is an
// error, since a model that explains, declines or contradicts itself has not judged.
import { z } from "zod";
import type { Category } from "../../policy/category.ts";
import { parseJson } from "../../lib/parse-json.ts";
import { err, ok, type Result } from "../../lib/result.ts";
import { judgedCategory } from "./judged-categories.ts";

/** null: no violation */
export type Judgement = { readonly category: Category } | null;

/** No clear judgement is longer; JSON.parse of a longer text would be work for nothing. */
const MOST_CHARACTERS = 2_000;
const FENCE = /^```(?:json)?\s([^`]*)```$/i;
/** Models add a full stop, quotes or bold to a single word. */
const ORNAMENT = /^["'“”‘’*\s]+|["'“”‘’*.!。！\s]+$/g;

const WORDS: ReadonlyMap<string, boolean> = new Map([
  ["yes", true],
  ["no", false],
  ["是", true],
  ["否", false],
]);

const judgementSchema = z.looseObject({
  violation: z.union([z.string(), z.boolean()]),
  category: z.string().nullish(),
});

function isViolation(said: string | boolean): boolean | undefined {
  return typeof said === "boolean" ? said : WORDS.get(said.trim().toLowerCase());
}

/** JSON.parse keeps the last of two equal keys, and an escape can hide one: such an answer is not clear. */
function isAmbiguous(text: string): boolean {
  return text.includes("\\") || text.split('"violation"').length !== 2;
}

export function readJudgement(content: string): Result<Judgement, string> {
  const said = content.trim();
  if (said === "") return err("the judge said nothing");
  if (said.length > MOST_CHARACTERS) return err("the judge said more than a judgement");
  const text = FENCE.exec(said)?.[1]?.trim() ?? said;
  const word = WORDS.get(text.replace(ORNAMENT, "").toLowerCase());
  if (word !== undefined) return ok(word ? { category: judgedCategory("") } : null);
  const judgement = judgementSchema.safeParse(parseJson(text));
  if (!judgement.success || isAmbiguous(text)) return err("the judge gave no clear judgement");
  const violation = isViolation(judgement.data.violation);
  if (violation === undefined) return err("the judge gave no clear judgement");
  return ok(violation ? { category: judgedCategory(judgement.data.category ?? "") } : null);
}
