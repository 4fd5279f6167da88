// The policy: what is checked, and what is done about a flag. Law: strict — an unknown key is an error, never ignored.
import { z } from "zod";
import { GUIDANCE_LEAK, isCategory } from "./category.ts";

/** What is done with a text. `repair` comes with streams that hold back. */
export const ACTIONS = ["allow", "annotate", "redact", "block"] as const;
export type Action = (typeof ACTIONS)[number];

const actionSchema = z.enum(ACTIONS);

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
  guidance: z.enum(["off", "sandwich"]),
  /** `buffer`: a stream is checked whole, then sent */
  stream_mode: z.enum(["buffer"]),
  actions: z.strictObject({ input: categoryActionsSchema, output: categoryActionsSchema }),
  /** when a guardrail itself fails: `closed` refuses with 503, `open` lets the text pass with a verdict of status error */
  on_guardrail_error: z.enum(["closed", "open"]),
  /** null: report the score, never flag by it; "shipped": the threshold that was calibrated with the weights */
  classifier: z.strictObject({
    input_threshold: z.union([z.literal("shipped"), z.number().min(0).max(1), z.null()]),
    output_threshold: z.union([z.literal("shipped"), z.number().min(0).max(1), z.null()]),
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
  stream_mode: "buffer",
  actions: {
    input: { default: "annotate", "custom:*": "block", "custom:harmful": "annotate" },
    output: { default: "block", offensive: "annotate", prompt_attack: "annotate", [GUIDANCE_LEAK]: "redact" },
  },
  on_guardrail_error: "closed",
  classifier: { input_threshold: "shipped", output_threshold: "shipped" },
  operator_rules: [],
  canaries: [],
  store: true,
};
