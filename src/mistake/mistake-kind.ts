// From what was flagged to the kind of mistake it is. Law: the gravest named kind wins; unknown custom categories are `other`.
import { GUIDANCE_LEAK, HARMFUL, type Category } from "../policy/category.ts";
import type { MistakeKind } from "./mistake.ts";

function kindOf(category: Category): MistakeKind {
  // The secrets guardrail's category: Llama Guard's S7 is privacy, and what was said ought to have been kept.
  if (category === "S7" || category === "pii") return "leaked";
  if (category === HARMFUL || /^S\d+$/.test(category)) return "harmful";
  if (category === "prompt_leak" || category === GUIDANCE_LEAK) return "leaked";
  if (category === "prompt_attack") return "hijacked";
  if (category === "offensive") return "offensive";
  if (category === "incorrect") return "incorrect";
  if (category === "over_refusal") return "over_refusal";
  return "other";
}

const GRAVEST_FIRST: readonly MistakeKind[] = [
  "leaked",
  "harmful",
  "hijacked",
  "offensive",
  "incorrect",
  "over_refusal",
  "other",
];

export function mistakeKind(categories: readonly Category[]): MistakeKind {
  const kinds = new Set(categories.map(kindOf));
  return GRAVEST_FIRST.find((kind) => kinds.has(kind)) ?? "other";
}
