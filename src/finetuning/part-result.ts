// What is kept of a finished part of a release until the release is published. Law: small, and plain JSON, since a Workflow keeps it
// for every step; no text of anybody.
import { z } from "zod";
import { EXAMPLE_TYPES } from "./training-example.ts";

const MOST_VERSIONS = 50;

const placeSchema = z.object({ start: z.int(), line: z.int(), index: z.int() });

const versionsSchema = z.object({
  models: z.array(z.string()),
  guidance: z.array(z.string()),
  policies: z.array(z.string()),
  analysis_prompts: z.array(z.string()),
  analysts: z.array(z.string()),
});

export type Versions = z.infer<typeof versionsSchema>;

export const partResultSchema = z.object({
  /** the last mistake that was looked at; null: there is nothing behind it */
  after: z.string().nullable(),
  /** the only part there is */
  isWhole: z.boolean(),
  files: z.array(z.object({ name: z.string(), bytes: z.int(), sha256: z.string(), rows: z.int() })),
  counts: z.record(z.enum(EXAMPLE_TYPES), z.int()),
  members: z.int(),
  withheld: z.record(z.string(), z.int()),
  versions: versionsSchema,
  /** where the next normal pair and good answer are */
  pairs: placeSchema,
  goodAfter: z.string().nullable(),
});

export type PartResult = z.infer<typeof partResultSchema>;

export function uniqueSorted(names: readonly (string | null | undefined)[]): string[] {
  const known = new Set(names.filter((name) => typeof name === "string"));
  return [...known].toSorted().slice(0, MOST_VERSIONS);
}

export function mergedVersions(all: readonly Versions[]): Versions {
  return {
    models: uniqueSorted(all.flatMap(({ models }) => models)),
    guidance: uniqueSorted(all.flatMap(({ guidance }) => guidance)),
    policies: uniqueSorted(all.flatMap(({ policies }) => policies)),
    analysis_prompts: uniqueSorted(all.flatMap(({ analysis_prompts: prompts }) => prompts)),
    analysts: uniqueSorted(all.flatMap(({ analysts }) => analysts)),
  };
}

export function mergedCounts(all: readonly Readonly<Record<string, number>>[]): Record<string, number> {
  const sums: Record<string, number> = {};
  for (const counts of all) for (const [name, count] of Object.entries(counts)) sums[name] = (sums[name] ?? 0) + count;
  return sums;
}
