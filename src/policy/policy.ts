// The policy: what is checked, and what is done about a flag. Law: strict — an unknown key is an error, never ignored.
import { z } from "zod";
import { GUIDANCE_LEAK, isCategory } from "./category.ts";

/** What is done with a text. `repair`: what was not released is discarded and asked for again, with guidance and the reason. */
export const ACTIONS = ["allow", "annotate", "redact", "repair", "block"] as const;
export type Action = (typeof ACTIONS)[number];

/**
 * How an answer is streamed. `hold_back`: what was checked leaves, what may still begin a pattern waits. `buffer`: checked
 * whole, then sent. `observe`: sent at once and checked at the end, so that flags are recorded and nothing is withheld.
 */
export const STREAM_MODES = ["hold_back", "buffer", "observe"] as const;
export type StreamMode = (typeof STREAM_MODES)[number];

const actionSchema = z.enum(ACTIONS);
const failureSchema = z.enum(["closed", "open"]);

/** A category, `custom:*` for every custom category without a line of its own, or `default` for all the rest. */
const categoryActionsSchema = z
  .record(z.string(), actionSchema)
  .refine((actions) => "default" in actions, { message: 'needs the key "default"' })
  .refine(
    (actions) => Object.keys(actions).every((key) => key === "default" || key === "custom:*" || isCategory(key)),
    {
      message:
        'keys are S1–S14, offensive, incorrect, prompt_attack, prompt_leak, "custom:NAME", "custom:*" or "default"',
    },
  );

/** A judge: the deployed model itself, asked about the exchange in a fresh context. */
const selfCheckSchema = z.strictObject({
  sides: z.array(z.enum(["input", "output"])).min(1),
  /** `parallel`: the input is judged while the model already answers; nothing is released before the verdict */
  input: z.enum(["before", "parallel"]),
  /** the first window of a stream that is judged; each next one is 1.5 times as large */
  first_window_characters: z.int().min(50).max(20_000),
  /** of one call of the judge */
  timeout_milliseconds: z.int().min(50).max(60_000),
  /** when a window of a stream takes longer; at the end of an answer and on input that is a failure of the guardrail */
  on_timeout: z.enum(["hold", "block", "release_flagged"]),
});

const operatorRuleSchema = z
  .strictObject({
    id: z.string().regex(/^[a-z0-9_-]{1,64}$/),
    /** words that must follow one another, whatever their case and the signs between them */
    phrase: z.string().min(1).max(500).optional(),
    /** RE2 syntax, so that no expression can take more than linear time; case counts only after `(?-i)` */
    expression: z.string().min(1).max(1000).optional(),
    /** one sentence for the operator's people */
    message: z.string().min(1).max(500),
    /** default `custom:ID` */
    category: z.string().refine(isCategory, { message: "is no category" }).optional(),
    sides: z
      .array(z.enum(["input", "output"]))
      .min(1)
      .default(["output"]),
  })
  .refine((rule) => (rule.phrase === undefined) !== (rule.expression === undefined), {
    message: 'needs either "phrase" or "expression"',
  });

export const policySchema = z.strictObject({
  /** stored with every mistake this policy had a part in */
  version: z.string().min(1).max(64),
  /** `deliberate`: the model first writes guidance of its own for a request that the fast guardrails call risky; else the sandwich */
  guidance: z.enum(["off", "sandwich", "deliberate"]),
  deliberate: z.strictObject({
    /** a request is risky from this score of the edge classifier on, or with any flag that did not block it */
    risky_from: z.number().min(0).max(1),
    /** later, the answer is given under the sandwich */
    timeout_milliseconds: z.int().min(50).max(60_000),
  }),
  stream_mode: z.enum(STREAM_MODES),
  actions: z.strictObject({ input: categoryActionsSchema, output: categoryActionsSchema }),
  /** when a guardrail itself fails: `closed` refuses with 503, `open` lets the text pass with a verdict of status error */
  on_guardrail_error: z.union([
    failureSchema,
    // By category: a guardrail fails closed if any category it reports does.
    z
      .record(z.string(), failureSchema)
      .refine((failures) => "default" in failures, { message: 'needs the key "default"' }),
  ]),
  /** null: no judge */
  self_check: selfCheckSchema.nullable(),
  /** of these one window of a stream is enough to act on a judge's flag; of all others two in a row are needed */
  hard_categories: z.array(z.string().refine(isCategory, { message: "is no category" })),
  /** images, sounds and files, which no guardrail here can read */
  unscannable_parts: z.enum(["reject", "allow"]),
  /** how often at most an answer is asked for again under the action `repair` */
  repair_attempts: z.int().min(1).max(2),
  /** a longer answer is cut off with finish reason `length`: it is held in memory for its last check */
  max_answer_characters: z.int().min(1_000).max(8_000_000),
  /** null: report the score, never flag by it; "shipped": the threshold that was calibrated with the weights */
  classifier: z.strictObject({
    input_threshold: z.union([z.literal("shipped"), z.number().min(0).max(1), z.null()]),
    output_threshold: z.union([z.literal("shipped"), z.number().min(0).max(1), z.null()]),
  }),
  /** of answers that are wrong in form, or in themselves: category `incorrect` */
  answer_checks: z.strictObject({
    /** answers against the request's `response_format` */
    json_schema: z.boolean(),
    /** tool calls against the request's `tools` */
    tool_parameters: z.boolean(),
    /** a sampled share of short answers, asked for again and compared; null: none */
    self_contradiction: z
      .strictObject({
        sample: z.number().gt(0).max(1),
        /** how often the answer is asked for again */
        answers: z.int().min(1).max(4),
      })
      .nullable(),
  }),
  operator_rules: z.array(operatorRuleSchema).max(200),
  /** strings planted in a system prompt that no answer may ever contain */
  canaries: z.array(z.string().min(6).max(200)).max(50),
  /** false: nothing of any exchange is stored, as if every request said `store: false` */
  store: z.boolean(),
});

export type Policy = z.infer<typeof policySchema>;
/** A rule as an operator writes it, defaults left out. */
export type OperatorRule = z.input<typeof operatorRuleSchema>;

export const DEFAULT_POLICY: Policy = {
  version: "default-1",
  guidance: "sandwich",
  deliberate: { risky_from: 0.7, timeout_milliseconds: 10_000 },
  stream_mode: "hold_back",
  actions: {
    input: { default: "annotate", "custom:*": "block", "custom:harmful": "annotate" },
    output: {
      default: "block",
      offensive: "annotate",
      incorrect: "annotate",
      prompt_attack: "annotate",
      [GUIDANCE_LEAK]: "redact",
    },
  },
  on_guardrail_error: "closed",
  self_check: null,
  hard_categories: ["S3", "S4", "S7", "S9", "S11", "prompt_leak"],
  unscannable_parts: "allow",
  repair_attempts: 2,
  max_answer_characters: 2_000_000,
  classifier: { input_threshold: "shipped", output_threshold: "shipped" },
  answer_checks: { json_schema: true, tool_parameters: true, self_contradiction: null },
  operator_rules: [],
  canaries: [],
  store: true,
};
