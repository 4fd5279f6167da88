// The categories that the judge may name, under the ids it knows them by. Law: a closed list; what is not on it is general harm.
import { CATEGORY_TITLES, type Category, HARMFUL, isCategory } from "../../policy/category.ts";

/** MLCommons hazards: the judge is a language model, and their short names are what such models know. */
export const HAZARDS: readonly Category[] = Object.keys(CATEGORY_TITLES).filter(
  (name): name is keyof typeof CATEGORY_TITLES => /^S\d+$/.test(name),
);

/** The judge's id of `custom:harmful`. */
export const OTHER_HARM_ID = "harmful";

/** «S1», also as «S1 Violent crimes» or in lower case; everything else is harm of no named kind. */
export function judgedCategory(named: string): Category {
  const id = /^s\d{1,2}(?!\d)/i.exec(named.trim())?.[0].toUpperCase() ?? "";
  return isCategory(id) && HAZARDS.includes(id) ? id : HARMFUL;
}
