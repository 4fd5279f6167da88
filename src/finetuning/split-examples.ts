// Which examples are for validation, and in which order rows stand. Law: by prompt, so that no prompt stands in two splits; the order
// follows from the bytes alone.
import type { Split } from "../release/release.ts";
import { fnv1a } from "../lib/fnv1a.ts";
import type { TrainingExample } from "./training-example.ts";

const VALIDATION_SHARE = 0.1;
const HASHES = 0x1_0000_0000;

/** A tenth of the prompts, once there are ten of them. */
export function validationPrompts(
  examples: readonly TrainingExample[],
  orderOf: (text: string) => number,
): ReadonlySet<string> {
  const prompts = [...new Set(examples.map(({ promptKey }) => promptKey))];
  const ordered = prompts.toSorted((left, right) => orderOf(left) - orderOf(right) || (left < right ? -1 : 1));
  return new Set(ordered.slice(0, Math.floor(prompts.length * VALIDATION_SHARE)));
}

/** For a release that is made part by part: by the prompt alone, so that no part needs to know of another. */
export function splitByHash(seed: number): (promptKey: string) => Split {
  return (promptKey) => (fnv1a(promptKey, `split ${seed}`) / HASHES < VALIDATION_SHARE ? "validation" : "train");
}

/** What a prompt is known by in a lineage: 64 bits of it, from which nobody reads it. */
export function promptMark(promptKey: string): string {
  const halves = [fnv1a(promptKey, "left"), fnv1a(promptKey, "right")];
  return halves.map((half) => half.toString(16).padStart(8, "0")).join("");
}

/** Preferences behind all others, so that both kinds of files have their rows in the order of the lineage. */
export function orderedExamples(
  examples: readonly TrainingExample[],
  orderOf: (text: string) => number,
): readonly TrainingExample[] {
  return examples
    .map((example) => {
      const text = JSON.stringify([example.messages, example.rejected]);
      return { example, text, order: orderOf(text), group: example.type === "preference" ? 1 : 0 };
    })
    .toSorted(
      (left, right) =>
        left.group - right.group ||
        left.order - right.order ||
        (left.text < right.text ? -1 : left.text > right.text ? 1 : 0),
    )
    .map(({ example }) => example);
}
