// The categories of harm: one table for every guardrail. Law: a guardrail's own labels never leave its file unmapped.

/**
 * MLCommons hazards S1–S14 as Llama Guard 3 names them (model card of Llama-Guard-3-8B), and our own six.
 * `custom:*` is open to operators; the edge classifier reports `custom:harmful` beside what its heads name.
 */
export const CATEGORY_TITLES = {
  S1: "Violent crimes",
  S2: "Non-violent crimes",
  S3: "Sex-related crimes",
  S4: "Child sexual exploitation",
  S5: "Defamation",
  S6: "Specialized advice",
  S7: "Privacy",
  S8: "Intellectual property",
  S9: "Indiscriminate weapons",
  S10: "Hate",
  S11: "Suicide and self-harm",
  S12: "Sexual content",
  S13: "Elections",
  S14: "Code interpreter abuse",
  offensive: "Offensive language",
  incorrect: "Incorrect answer",
  prompt_attack: "Prompt attack",
  prompt_leak: "Prompt leak",
  pii: "Personal data",
  over_refusal: "Refusal of a harmless request",
} as const;

export type NamedCategory = keyof typeof CATEGORY_TITLES;
export type CustomCategory = `custom:${string}`;
export type Category = NamedCategory | CustomCategory;

/** What the edge classifier's sum says: harmful or not. Its heads name the hazard where they know one. */
export const HARMFUL: CustomCategory = "custom:harmful";

/** The answer repeats our own guidance: no secret, so by default it is cut out instead of blocked. */
export const GUIDANCE_LEAK: CustomCategory = "custom:guidance_leak";

/** The other direction: what should have been answered was refused. */
export const OVER_REFUSAL = "over_refusal";

export function isCategory(value: string): value is Category {
  return Object.hasOwn(CATEGORY_TITLES, value) || /^custom:[a-z0-9_-]{1,64}$/.test(value);
}
