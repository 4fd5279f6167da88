// Whether anything that is measured was fitted or calibrated on: by prompt, by wording, by attack family.
// Law: counted anew from the samples as they are, not by the rule that split them; figures only, never a row.
import type { AttackFamily } from "../scripts/train-classifier/attack-families.ts";
import type { FitData } from "../scripts/train-classifier/sample.ts";
import type { Part } from "../scripts/train-classifier/split.ts";
import { LEAST_RESEMBLANCE, ResemblanceIndex, wordPairs } from "../scripts/train-classifier/wording-families.ts";
import { normalisedPrompt } from "./data.ts";

export interface LearntText {
  /** the request; of a text that nobody asked for, the text */
  readonly text: string;
  readonly family: string | null;
  readonly part: Part;
}

export interface Disjointness {
  readonly learntPrompts: number;
  readonly measuredPrompts: number;
  /** measured prompts that were fitted or calibrated on, word by word */
  readonly sharedPrompts: number;
  /** measured prompts that resemble one that was */
  readonly sharedWordings: number;
  readonly nearestResemblance: number;
  /** prompts fitted whose wording is calibrated on too */
  readonly wordingsInTwoParts: number;
  readonly familiesInTwoParts: readonly string[];
  /** rows of each family, by part */
  readonly families: Readonly<Record<string, Readonly<Partial<Record<Part, number>>>>>;
}

/** The texts that the split goes by. */
export function learntTexts({ outputs, pairs, inputs }: FitData): LearntText[] {
  const ofAnswers = outputs.map(({ prompt, answer, ...rest }) => ({ text: prompt === "" ? answer : prompt, ...rest }));
  const ofPrompts = [...pairs, ...inputs].map(({ prompt, ...rest }) => ({ text: prompt, ...rest }));
  return [...ofAnswers, ...ofPrompts].map(({ text, family, part }) => ({ text, family, part }));
}

/** Tells whether a prompt, or one in nearly its words, was fitted or calibrated on. */
export function learntLookUp(learnt: readonly LearntText[]): (prompt: string) => boolean {
  const index = new ResemblanceIndex();
  for (const text of distinct(learnt.filter(({ part }) => part !== "test").map(({ text }) => text))) {
    index.add(wordPairs(text));
  }
  return (prompt) => index.nearest(wordPairs(prompt)) >= LEAST_RESEMBLANCE;
}

function distinct(texts: readonly string[]): string[] {
  return [...new Set(texts.map(normalisedPrompt))];
}

function nearest(texts: readonly string[], among: readonly string[]): number[] {
  const index = new ResemblanceIndex();
  for (const text of among) index.add(wordPairs(text));
  return texts.map((text) => index.nearest(wordPairs(text)));
}

function partsOfFamilies(families: readonly AttackFamily[], learnt: readonly LearntText[]) {
  return Object.fromEntries(
    families.map(({ name }) => {
      const counts: Partial<Record<Part, number>> = {};
      for (const { part } of learnt.filter(({ family }) => family === name)) counts[part] = (counts[part] ?? 0) + 1;
      return [name, counts];
    }),
  );
}

/** `measured` are the requests of every set that a claim rests on; `all` holds the test part too. */
export function compareSplits(
  families: readonly AttackFamily[],
  all: readonly LearntText[],
  measured: readonly string[],
): Disjointness {
  const learnt = all.filter(({ part }) => part !== "test");
  const prompts = distinct(learnt.map(({ text }) => text));
  const known = new Set(prompts);
  const asked = distinct(measured);
  const resemblances = nearest(asked, prompts);
  const [fitted, calibrated] = (["fit", "calibration"] as const).map((wanted) =>
    distinct(learnt.filter(({ part }) => part === wanted).map(({ text }) => text)),
  );
  const parts = partsOfFamilies(families, all);
  return {
    learntPrompts: prompts.length,
    measuredPrompts: asked.length,
    sharedPrompts: asked.filter((prompt) => known.has(prompt)).length,
    sharedWordings: resemblances.filter((resemblance) => resemblance >= LEAST_RESEMBLANCE).length,
    nearestResemblance: resemblances.reduce((most, resemblance) => Math.max(most, resemblance), 0),
    wordingsInTwoParts: nearest(calibrated ?? [], fitted ?? []).filter((found) => found >= LEAST_RESEMBLANCE).length,
    familiesInTwoParts: families.map(({ name }) => name).filter((name) => Object.keys(parts[name] ?? {}).length > 1),
    families: parts,
  };
}

export function isDisjoint(found: Disjointness): boolean {
  return (
    found.sharedPrompts === 0 &&
    found.sharedWordings === 0 &&
    found.wordingsInTwoParts === 0 &&
    found.familiesInTwoParts.length === 0
  );
}

export function disjointLines(found: Disjointness): string[] {
  const families = Object.entries(found.families).map(([name, parts]) => {
    const rows = Object.entries(parts).map(([part, count]) => `${part} ${count}`);
    return `${name} ${rows.length === 0 ? "never read" : rows.join(", ")}`;
  });
  return [
    `disjoint: ${found.learntPrompts} prompts fitted or calibrated on, ${found.measuredPrompts} measured, ` +
      `${found.sharedPrompts} shared, ${found.sharedWordings} in nearly the same words ` +
      `(most alike: ${found.nearestResemblance.toFixed(2)} of 1); ${found.wordingsInTwoParts} wordings fitted and calibrated on`,
    `attack families, samples by part: ${families.join(" · ")}`,
  ];
}
