// The judges of a policy: guardrails that ask somebody over the network. Law: at most four, each with an id of its own; what all
// judges have in common is written once, each type adds its own keys.
import { z } from "zod";
import { isCategory } from "./category.ts";
import { labelledCategory } from "./category-labels.ts";

/** Each asks for itself, and a Worker opens six connections at once. */
export const MOST_JUDGES = 4;

function isModerationLabel(label: string): boolean {
  return labelledCategory("openai_moderation", label) !== null;
}

const judgeKeys = {
  /** names it in verdicts */
  id: z.string().regex(/^[a-z0-9-]{1,64}$/),
  sides: z.array(z.enum(["input", "output"])).min(1),
  /** `uncertain`: where the edge classifier's score is in the uncertain band, or there is none; `sampled`: only by chance */
  run: z.enum(["always", "uncertain", "sampled"]).default("uncertain"),
  /** the share that is asked by chance, with `uncertain` in addition to the band */
  sample: z.number().min(0).max(1).default(0),
  /** `screen`: its flag alone is noted and withholds nothing, unless the score is not below the band or another judge agrees */
  weight: z.enum(["screen", "decide"]).default("decide"),
  /** `parallel`: the input is judged while the model already answers; nothing is released before the verdict */
  input: z.enum(["before", "parallel"]).default("before"),
  /** the first window of a stream that is judged; each next one is 1.5 times as large */
  first_window_characters: z.int().min(50).max(20_000).default(400),
  /** of one check */
  timeout_milliseconds: z.int().min(50).max(60_000).default(10_000),
  /** when a window of a stream takes longer; at the end of an answer and on input that is a failure of the guardrail */
  on_timeout: z.enum(["hold", "block", "release_flagged"]).default("hold"),
  /** what becomes of a text of which it could read only a part; `error`: it is withheld where a failure of this judge would be */
  on_unread: z.enum(["error", "allow", "block"]).default("error"),
  /** the name of one of the project's upstreams; null: the deployed model */
  upstream: z.string().min(1).max(100).nullable().default(null),
  /** the model's name at that server; null: the one that the client asks, or the server's own */
  model: z.string().min(1).max(200).nullable().default(null),
};

/** The deployed model itself, asked about the exchange in a fresh context: a screen, since it flags too much to block alone. */
const selfCheckSchema = z.strictObject({
  ...judgeKeys,
  type: z.literal("self_check"),
  weight: judgeKeys.weight.unwrap().default("screen"),
});

/** The deployed model asked for the same answer again: one that most others contradict is made up (arXiv 2303.08896). */
const selfContradictionSchema = z.strictObject({
  ...judgeKeys,
  type: z.literal("self_contradiction"),
  sides: z.array(z.literal("output")).length(1).default(["output"]),
  run: judgeKeys.run.unwrap().default("sampled"),
  sample: judgeKeys.sample.unwrap().default(0.05),
  /** how often the answer is asked for again */
  answers: z.int().min(1).max(4).default(2),
});

/** A guard model or a service of its own, never the deployed model: its upstream must be named. */
const ownServer = { ...judgeKeys, upstream: judgeKeys.upstream.unwrap().unwrap() };

const lines = z.array(z.string().min(1).max(1_000)).max(50);
const categorySchema = z.string().refine(isCategory, { message: "is no category" });
const shareSchema = z.number().min(0).max(1);

/** A model that reads a policy in the operator's own words, gpt-oss-safeguard for example. */
const writtenPolicySchema = z.strictObject({
  ...judgeKeys,
  type: z.literal("written_policy"),
  /** what the policy is for, and how it is to be read */
  instructions: z.string().min(1).max(8_000),
  definitions: lines.default([]),
  violates: lines.min(1),
  /** what looks like a violation and is none */
  safe: lines.default([]),
  examples: z
    .array(z.strictObject({ text: z.string().min(1).max(2_000), violation: z.boolean() }))
    .max(30)
    .default([]),
  /** what a violation is of; its actions are the policy's for these categories */
  categories: z.array(categorySchema).min(1).max(20),
  /** a violation that the judge is less sure of is none */
  minimum_confidence: z.enum(["low", "medium", "high"]).default("low"),
  /** a reasoning model spends them before it judges */
  max_answer_tokens: z.int().min(64).max(16_000).default(1_000),
});

const llamaGuardSchema = z.strictObject({
  ...ownServer,
  type: z.literal("llama_guard"),
  /** whether the server applies the model's template to messages, or is sent the whole prompt, or is Workers AI's REST API */
  format: z.enum(["messages", "prompt", "workers_ai"]).default("messages"),
});

const qwen3GuardSchema = z.strictObject({
  ...ownServer,
  type: z.literal("qwen3guard"),
  format: z.enum(["messages", "prompt"]).default("messages"),
  /** what counts as neither safe nor unsafe */
  controversial: z.enum(["flag", "pass"]).default("flag"),
});

const openaiModerationSchema = z.strictObject({
  ...ownServer,
  type: z.literal("openai_moderation"),
  /** by OpenAI's labels; without one OpenAI's own flag counts */
  thresholds: z
    .record(z.string(), shareSchema)
    .refine((thresholds) => Object.keys(thresholds).every(isModerationLabel), {
      message: "names a category that OpenAI's moderation does not have",
    })
    .default({}),
});

/** Any guardrail of the operator's own: docs/decisions/judges.md has the contract. */
const httpSchema = z.strictObject({
  ...ownServer,
  type: z.literal("http"),
  /** whose names of categories its findings use */
  labels: z.enum(["setback", "llama_guard", "openai_moderation", "azure", "qwen3guard"]).default("setback"),
});

export const judgeSchema = z.discriminatedUnion("type", [
  selfCheckSchema,
  selfContradictionSchema,
  writtenPolicySchema,
  llamaGuardSchema,
  qwen3GuardSchema,
  openaiModerationSchema,
  httpSchema,
]);

export const judgesSchema = z
  .array(judgeSchema)
  .max(MOST_JUDGES)
  .superRefine((judges, context) => {
    for (const [place, { id }] of judges.entries()) {
      if (judges.findIndex((judge) => judge.id === id) < place) {
        context.addIssue({ code: "custom", path: [place, "id"], message: "is another judge's id" });
      }
    }
  });

export type Judge = z.infer<typeof judgeSchema>;
/** What all judges have, whatever their type. */
export type JudgeKeys = Pick<Judge, keyof typeof judgeKeys>;

/** A slow guardrail that no policy names is asked always, and its word counts. */
const UNNAMED = z.object(judgeKeys).parse({ id: "unnamed", sides: ["input", "output"], run: "always" });

/** The keys of the judge with this id. */
export function judgeOf({ judges }: { readonly judges: readonly Judge[] }, id: string): JudgeKeys {
  return judges.find((judge) => judge.id === id) ?? UNNAMED;
}
