// Texts of the fitted sets by category of harm, in our categories. Law: a text says nothing of a category that its set
// did not judge, and its part is that of the request everywhere else.
import { categorisedPromptRow, moderationRow } from "../../bench/data-rows.ts";
import { readRows } from "../../bench/data.ts";
import { HEAD_CATEGORIES } from "../../src/guardrail/edge-classifier/category-heads.ts";
import { attackFamily } from "./attack-families.ts";
import { readBenignPrompts } from "./fit-sets.ts";
import { LOOK_ALIKES } from "./look-alikes.ts";
import { PLAIN_REQUESTS } from "./plain-requests.ts";
import { drawn, type Part, type PartOf } from "./split.ts";

export type HeadCategory = (typeof HEAD_CATEGORIES)[number];

export interface CategoryText {
  readonly text: string;
  readonly part: Part;
  /** true, false, or not judged */
  readonly labels: Readonly<Partial<Record<HeadCategory, boolean>>>;
}

interface UnsplitText extends Omit<CategoryText, "part"> {
  readonly family: string | null;
}

/** Labels of the sets → our categories. What is not listed has no head, and says of every head that the text is not of it. */
const CATEGORY_OF: Readonly<Record<string, HeadCategory>> = {
  physical_harm: "S1",
  Violence: "S1",
  crimes_and_illegal_activities: "S2",
  "Non-violent crimes": "S2",
  "Illegal goods and services": "S2",
  illegal: "S2",
  Legality: "S2",
  privacy_and_property: "S7",
  "Data protection": "S7",
  copyright: "S8",
  chemical_biological: "S9",
  unfairness_and_discrimination: "S10",
  "Hate, harassment and discrimination": "S10",
  Fairness: "S10",
  "Sexual content": "S12",
  cybercrime_intrusion: "S14",
  insult: "offensive",
  harassment_bullying: "offensive",
};
/** These name no category of ours, and any harm may be in them. */
const UNCLEAR = new Set(["harmful", "Safety", "Morality", "unsafe_instruction_topic", "inquiry_with_unsafe_opinion"]);
const NEVER_FITTED = new Set(["goal_hijacking", "prompt_leaking", "reverse_exposure", "role_play_instruction"]);
const SETS = ["harmbench", "strongreject", "xsafety", "flames_zh"];
const PLAIN_SHARE = 0.3;

function labelsOf(category: HeadCategory | undefined): CategoryText["labels"] {
  return Object.fromEntries(HEAD_CATEGORIES.map((head) => [head, head === category]));
}

/** The release's own keys: sexual, hate, violence, harassment, self-harm, and the graver kinds of hate and violence. */
function moderationTexts(folder: string): UnsplitText[] {
  return readRows(folder, "labelled/openai_moderation", moderationRow).map(({ prompt, S, H, V, HR, SH, H2, V2 }) => {
    const any = (...flags: readonly (number | undefined)[]): boolean | undefined =>
      flags.includes(1) ? true : flags.every((flag) => flag === 0) ? false : undefined;
    const judged = { S12: any(S), S10: any(H, H2), S1: any(V, V2), offensive: any(HR), S11: any(SH) };
    const known = Object.entries(judged).filter(([, label]) => label !== undefined);
    return { text: prompt, family: null, labels: Object.fromEntries(known) };
  });
}

export function readCategoryTexts(folder: string, partOf: PartOf): CategoryText[] {
  const categorised = SETS.flatMap((name) =>
    readRows(folder, `prompts/${name}`, categorisedPromptRow).map((row) => {
      return { ...row, family: attackFamily(name, row.category) };
    }),
  )
    .filter(({ category }) => !UNCLEAR.has(category) && !NEVER_FITTED.has(category))
    .map(({ prompt, category, family }) => ({ text: prompt, family, labels: labelsOf(CATEGORY_OF[category]) }));
  const plain = PLAIN_REQUESTS.filter(({ prompt }) => drawn("category", prompt) < PLAIN_SHARE);
  const benign = [...readBenignPrompts(folder), ...LOOK_ALIKES, ...plain].map(({ prompt }) => {
    return { text: prompt, family: null, labels: labelsOf(undefined) };
  });
  return [...categorised, ...moderationTexts(folder), ...benign].flatMap(({ text, family, labels }) => {
    const part = partOf({ text, family });
    return part === null ? [] : [{ text, labels, part }];
  });
}
