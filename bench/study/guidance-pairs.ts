// The paired sets of the guidance study: for each request an answer that is better and one that is worse.
// Law: one pair a prompt; the benign set's two answers are both fine, so that guidance should not move it either way.
import { z } from "zod";
import { fnv1a } from "../../src/lib/fnv1a.ts";
import { normalisedPrompt, readRows } from "../data.ts";
import { labelledRow } from "../data-rows.ts";
import { readPreferences } from "../../scripts/train-classifier/fit-sets.ts";

export interface AnswerPair {
  readonly prompt: string;
  readonly good: string;
  readonly bad: string;
}

export interface PairSet {
  readonly name: string;
  readonly pairs: readonly AnswerPair[];
}

const benignRow = z.object({ instruction: z.string(), input: z.string().default(""), response: z.string() });

function firstByPrompt(pairs: readonly AnswerPair[]): AnswerPair[] {
  const seen = new Set<string>();
  return pairs.filter(({ prompt, good, bad }) => {
    const key = normalisedPrompt(prompt);
    if (seen.has(key) || good.trim() === "" || bad.trim() === "" || good === bad) return false;
    seen.add(key);
    return true;
  });
}

/** A safe and a harmful answer of the same prompt, the first of each. */
function labelledPairs(folder: string, name: string): AnswerPair[] {
  const rows = readRows(folder, `labelled/${name}`, labelledRow);
  const harmful = new Map(
    rows.filter(({ label }) => label === "harmful").map(({ prompt, response }) => [prompt, response]),
  );
  return rows.flatMap(({ prompt, response, label }) => {
    const bad = harmful.get(prompt);
    return label === "safe" && bad !== undefined ? [{ prompt, good: response, bad }] : [];
  });
}

/** Two models' answers to a harmless instruction; which of them is called good goes by the prompt's hash. */
function benignPairs(folder: string): AnswerPair[] {
  const answers = new Map<string, string[]>();
  for (const { instruction, input, response } of readRows(folder, "helpful/alpaca_eval_outputs", benignRow)) {
    const prompt = input === "" ? instruction : `${instruction}\n${input}`;
    answers.set(prompt, [...(answers.get(prompt) ?? []), response]);
  }
  return [...answers].flatMap(([prompt, [first, second]]) => {
    if (first === undefined || second === undefined) return [];
    return [fnv1a(prompt) % 2 === 0 ? { prompt, good: first, bad: second } : { prompt, good: second, bad: first }];
  });
}

export function readPairSets(folder: string): PairSet[] {
  const preferences = readPreferences(folder).map(({ prompt, safe, harmful }) => ({
    prompt,
    good: safe,
    bad: harmful,
  }));
  return [
    { name: "jade_v3", pairs: firstByPrompt(labelledPairs(folder, "jade_v3")) },
    { name: "hh_rlhf_harmless", pairs: firstByPrompt(preferences) },
    { name: "benign (alpaca_eval)", pairs: firstByPrompt(benignPairs(folder)) },
  ];
}

/** `count` of them at even distances, so that a set's order weighs nothing. */
export function spread<Item>(items: readonly Item[], count: number): Item[] {
  if (items.length <= count) return [...items];
  return Array.from({ length: count }, (_, place) => items[Math.floor((place * items.length) / count)]).filter(
    (item) => item !== undefined,
  );
}
