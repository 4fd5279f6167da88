// What POST /v1/releases takes: strict on the wire, and as the options of a release. Law: what is left out is as the defaults say.
import { z } from "zod";
import { isCategory } from "../policy/category.ts";
import { MISTAKE_KINDS, MISTAKE_SOURCES } from "../policy/mistake-names.ts";
import { DEFAULT_RELEASE_OPTIONS, MOST_ANALYSES_SHARE, RELEASE_FORMATS, type ReleaseOptions } from "./release.ts";

const MOST_NAMED = 100;
/** Copies of one example; more would only be learnt by heart. */
const MOST_WEIGHT = 4;

const weight = z.number().min(0).max(MOST_WEIGHT);

const holdoutSchema = z.strictObject({
  categories: z
    .array(z.string().refine(isCategory, { message: "is no category" }))
    .max(MOST_NAMED)
    .default([]),
  kinds: z.array(z.enum(MISTAKE_KINDS)).max(MISTAKE_KINDS.length).default([]),
  sources: z.array(z.enum(MISTAKE_SOURCES)).max(MISTAKE_SOURCES.length).default([]),
  techniques: z.array(z.string().min(1).max(64)).max(MOST_NAMED).default([]),
  topics: z.array(z.string().trim().min(2).max(100)).max(MOST_NAMED).default([]),
});

export const releaseRequestSchema = z
  .strictObject({
    include_released: z.boolean().default(false).meta({
      description: "Also mistakes that an earlier release holds: a full release instead of an incremental one.",
    }),
    formats: z
      .array(z.enum(RELEASE_FORMATS))
      .min(1)
      .max(RELEASE_FORMATS.length)
      .default([...DEFAULT_RELEASE_OPTIONS.formats])
      .meta({ description: "Which trainers' formats to write; OpenAI's chat format unless named." }),
    seed: z.int().min(0).max(0xffffffff).default(DEFAULT_RELEASE_OPTIONS.seed).meta({
      description: "Of the order of rows and of the split: the same seed and the same inputs give the same bytes.",
    }),
    clusters: z.enum(["one", "all"]).default(DEFAULT_RELEASE_OPTIONS.clusters).meta({
      description:
        "One example for each cluster of near duplicates, whose other members count as released too; or all.",
    }),
    analyses_share: z.number().min(0.01).max(1).default(MOST_ANALYSES_SHARE).meta({
      description: "At most this share of the chat rows are analyses, as long as there are enough normal pairs.",
    }),
    weights: z
      .strictObject({
        production: weight.optional(),
        feedback: weight.optional(),
        induction: weight.optional(),
        import: weight.optional(),
      })
      .default({})
      .meta({ description: "By source: 0.5 takes every other mistake, 2 takes each twice." }),
    holdout: holdoutSchema.prefault({}).meta({
      description: "Mistakes that stay out, to be measured on; a topic is a word or phrase of the conversation.",
    }),
  })
  .meta({ id: "ReleaseRequest" });

export type ReleaseRequest = z.infer<typeof releaseRequestSchema>;

export function releaseOptions(request: ReleaseRequest): ReleaseOptions {
  const { production, feedback, induction, import: imported } = request.weights;
  return {
    formats: RELEASE_FORMATS.filter((format) => request.formats.includes(format)),
    seed: request.seed,
    clusters: request.clusters,
    analysesShare: request.analyses_share,
    weights: {
      ...(production === undefined ? {} : { production }),
      ...(feedback === undefined ? {} : { feedback }),
      ...(induction === undefined ? {} : { induction }),
      ...(imported === undefined ? {} : { import: imported }),
    },
    holdout: request.holdout,
  };
}
