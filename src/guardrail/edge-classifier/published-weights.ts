// Weights that were published to the object store: `classifier/active` names a version and its file's hash, and
// `classifier/VERSION.json` holds it. Law: what does not have that hash and this shape is not used.
import { z } from "zod";
import { sha256 } from "../../lib/hash.ts";
import type { ObjectStore } from "../../lib/object-store.ts";
import { HEAD_CATEGORIES } from "./category-heads.ts";
import { BLOCKS } from "./edge-weights.ts";
import { createEdgeModel, type EdgeModel, type EdgeRelease } from "./edge-model.ts";

export const ACTIVE_KEY = "classifier/active";
const VERSION = /^[0-9a-f]{12}$/;

export function releaseKey(version: string): string {
  return `classifier/${version}.json`;
}

const activeSchema = z.strictObject({ version: z.string().regex(VERSION), sha256: z.string().regex(/^[0-9a-f]{64}$/) });
const thresholdsSchema = z.strictObject({
  input: z.number().min(0).max(1).nullable(),
  output: z.number().min(0).max(1).nullable(),
});
const bucketBitsSchema = z.int().min(8).max(18);
const releaseSchema = z.strictObject({
  weights: z.strictObject({
    version: z.string().regex(VERSION),
    bucketBits: bucketBitsSchema,
    openingWords: z.int().min(1).max(1_000),
    bias: z.strictObject({ input: z.number(), output: z.number() }),
    scale: z.record(z.enum(BLOCKS), z.number()),
    table: z.base64(),
    categories: z.strictObject({
      bucketBits: bucketBitsSchema,
      heads: z.array(
        z.strictObject({
          category: z.enum(HEAD_CATEGORIES),
          bias: z.number(),
          scale: z.number(),
          threshold: z.number().min(0).max(1),
        }),
      ),
      table: z.base64(),
    }),
  }),
  thresholds: thresholdsSchema,
  uncertainFrom: thresholdsSchema,
});

export interface Published {
  /** what `classifier/active` holds */
  readonly active: string;
  readonly release: string;
}

/** The two objects of a release, as they are put. */
export async function publish(release: EdgeRelease): Promise<Published> {
  const text = JSON.stringify(releaseSchema.parse(release));
  return { release: text, active: JSON.stringify({ version: release.weights.version, sha256: await sha256(text) }) };
}

/** The model that `classifier/active` names; null where there is no such object. Throws where anything is not as it says. */
export async function readPublished(objects: ObjectStore, known: EdgeModel): Promise<EdgeModel | null> {
  const pointer = await objects.getText(ACTIVE_KEY);
  if (pointer === null) return null;
  const active = activeSchema.parse(JSON.parse(pointer));
  if (active.version === known.classifier.version) return known;
  const text = await objects.getText(releaseKey(active.version));
  if (text === null) throw new Error(`There is no object ${releaseKey(active.version)}.`);
  if ((await sha256(text)) !== active.sha256) throw new Error(`${releaseKey(active.version)} has another hash.`);
  const release = releaseSchema.parse(JSON.parse(text));
  if (release.weights.version !== active.version) throw new Error(`${releaseKey(active.version)} is another version.`);
  return createEdgeModel(release);
}
