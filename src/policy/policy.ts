// The policy: what is checked, and what is done about a flag. Law: strict — an unknown key is an error, never ignored.
import { z } from "zod";
import { DEFAULT_ANALYSIS_POLICY, analysisPolicySchema } from "./analysis-policy.ts";
import { allowanceSchema, ROLES } from "./allowance-schema.ts";
import { GUIDANCE_LEAK, isCategory } from "./category.ts";
import { DEFAULT_FEEDBACK_POLICY, feedbackPolicySchema } from "./feedback-policy.ts";
import { judgesSchema } from "./judge-policy.ts";
import { DEFAULT_PII_POLICY, piiPolicySchema } from "./pii-policy.ts";
import { DEFAULT_REVIEW_POLICY, reviewPolicySchema } from "./review-policy.ts";
import { DEFAULT_POISONING_POLICY, poisoningPolicySchema } from "./poisoning-policy.ts";

/** What is done with a text, from the loosest to the strictest. `repair`: what was not released is discarded and asked for again, with guidance and the reason. */
export const ACTIONS = ["allow", "annotate", "redact", "repair", "block"] as const;
export type Action = (typeof ACTIONS)[number];

/**
 * How an answer is streamed. `hold_back`: what was checked leaves, what may still begin a pattern waits. `buffer`: checked
 * whole, then sent. `observe`: sent at once and checked at the end, so that flags are recorded and nothing is withheld.
 */
export const STREAM_MODES = ["hold_back", "buffer", "observe"] as const;
export type StreamMode = (typeof STREAM_MODES)[number];

/** From the loosest to the strictest, as consents are. */
export const UNSUPPORTED_LANGUAGE_CHOICES = ["allow", "escalate", "block"] as const;
export const CONSENTS = ["opt_out", "opt_in"] as const;

const actionSchema = z.enum(ACTIONS);
const scoreSchema = z.union([z.literal("shipped"), z.number().min(0).max(1), z.null()]);
const failureSchema = z.enum(["closed", "open"]);

const isLine = (key: string): boolean => key === "default" || key === "custom:*" || isCategory(key);
const LINES_ADVICE = {
  message:
    'keys are S1–S14, offensive, incorrect, prompt_attack, prompt_leak, pii, over_refusal, "custom:NAME", "custom:*" or "default"',
};
const DEFAULT_ADVICE = { message: 'needs the key "default"' };

/** A category, `custom:*` for every custom category without a line of its own, or `default` for all the rest. */
export const categoryLinesSchema = z
  .record(z.string(), actionSchema)
  .refine((lines) => Object.keys(lines).every(isLine), LINES_ADVICE);

const categoryActionsSchema = categoryLinesSchema.refine((actions) => "default" in actions, DEFAULT_ADVICE);

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
      .refine((failures) => "default" in failures, DEFAULT_ADVICE)
      .refine((failures) => Object.keys(failures).every(isLine), LINES_ADVICE),
  ]),
  judges: judgesSchema,
  /** of one request: checks by any judge, and the time of all of them added up; what goes beyond is a failure of the guardrail */
  judge_budget: z.strictObject({
    checks: z.int().min(1).max(100_000),
    milliseconds: z.int().min(50).max(3_600_000),
  }),
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
    input_threshold: scoreSchema,
    output_threshold: scoreSchema,
    /** from here on a judge with `run: "uncertain"` is asked; null: no score is uncertain */
    input_uncertain_from: scoreSchema.default("shipped"),
    output_uncertain_from: scoreSchema.default("shipped"),
  }),
  /** of answers that are wrong in form: category `incorrect` */
  answer_checks: z.strictObject({
    /** answers against the request's `response_format` */
    json_schema: z.boolean(),
    /** tool calls against the request's `tools` */
    tool_parameters: z.boolean(),
  }),
  operator_rules: z.array(operatorRuleSchema).max(200),
  /** strings planted in a system prompt that no answer may ever contain */
  canaries: z.array(z.string().min(6).max(200)).max(50),
  /** personal data: what counts; `actions` says under `pii` what is done about it */
  pii: piiPolicySchema,
  /** whether a refusal of what the cheap tiers call clearly benign is captured as a mistake */
  over_refusals: z.enum(["capture", "ignore"]),
  /** false: nothing of any exchange is stored, as if every request said `store: false` */
  store: z.boolean(),
  /** true: everything is checked and recorded, and nothing withheld, inputs included (monitored-policy.ts) */
  monitor: z.boolean(),
  /** whose texts are checked as an input; the answer's guardrails always know the whole conversation */
  scan_roles: z.array(z.enum(ROLES)).min(1).max(ROLES.length),
  /** flags that are no reason to withhold anything, each for as narrow a case as it says */
  allow: z.array(allowanceSchema).max(500),
  /** what a guardrail's «I can't read this language» leads to: nothing, a judge's look, or a block */
  on_unsupported_language: z.enum(UNSUPPORTED_LANGUAGE_CHOICES),
  /** by category, for guardrails with a score for each; before their own thresholds */
  thresholds: z
    .record(z.string(), z.number().min(0).max(1))
    .refine((thresholds) => Object.keys(thresholds).every(isCategory), { message: "has a key that is no category" }),
  /** `opt_in`: only requests that say `store: true` are stored */
  consent: z.enum(CONSENTS),
  /** mistakes and attacks are deleted after so many days; null: never */
  retention_days: z.int().min(1).max(3650).nullable(),
  /** who must look at a mistake before it counts; the project's policy says it, a key's own has no part in it */
  review: reviewPolicySchema,
  /** which mistakes wait in quarantine until a person has looked at each (docs/decisions/poisoning.md) */
  poisoning: poisoningPolicySchema,
  /** what clients say of answers: how long one that passed is kept for it, and which web pages may say it */
  feedback: feedbackPolicySchema,
  /** who explains mistakes, and how hard it is tried (docs/decisions/analysis.md) */
  analysis: analysisPolicySchema,
});

export type Policy = z.infer<typeof policySchema>;
/** A rule as an operator writes it, defaults left out. */
export type OperatorRule = z.input<typeof operatorRuleSchema>;

export const DEFAULT_POLICY: Policy = {
  version: "default-2",
  guidance: "sandwich",
  deliberate: { risky_from: 0.7, timeout_milliseconds: 10_000 },
  stream_mode: "hold_back",
  actions: {
    input: { default: "annotate", "custom:*": "block", "custom:harmful": "annotate", pii: "allow" },
    output: {
      default: "block",
      offensive: "annotate",
      incorrect: "annotate",
      prompt_attack: "annotate",
      pii: "annotate",
      over_refusal: "annotate",
      [GUIDANCE_LEAK]: "redact",
    },
  },
  on_guardrail_error: "closed",
  judges: [],
  judge_budget: { checks: 1_000, milliseconds: 300_000 },
  hard_categories: ["S3", "S4", "S7", "S9", "S11", "prompt_leak"],
  unscannable_parts: "allow",
  repair_attempts: 2,
  max_answer_characters: 2_000_000,
  classifier: {
    input_threshold: "shipped",
    output_threshold: "shipped",
    input_uncertain_from: "shipped",
    output_uncertain_from: "shipped",
  },
  answer_checks: { json_schema: true, tool_parameters: true },
  operator_rules: [],
  canaries: [],
  pii: DEFAULT_PII_POLICY,
  over_refusals: "capture",
  store: true,
  monitor: false,
  scan_roles: [...ROLES],
  allow: [],
  on_unsupported_language: "allow",
  thresholds: {},
  consent: "opt_out",
  retention_days: null,
  review: DEFAULT_REVIEW_POLICY,
  poisoning: DEFAULT_POISONING_POLICY,
  feedback: DEFAULT_FEEDBACK_POLICY,
  analysis: DEFAULT_ANALYSIS_POLICY,
};
