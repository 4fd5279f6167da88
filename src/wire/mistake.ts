// Mistakes and attacks on the wire. Law: snake_case, times in seconds since the Unix epoch.
import { z } from "zod";
import { chatMessageSchema, completionMessageSchema } from "./chat-completion.ts";

const spanSchema = z.object({
  location: z.string(),
  start: z.int().min(0),
  end: z.int().min(0),
});

export const findingWireSchema = z.object({
  rule: z.string(),
  category: z.string(),
  span: spanSchema.nullable(),
  message: z.string(),
});

export const verdictWireSchema = z
  .object({
    guardrail: z.string(),
    version: z.string(),
    side: z.enum(["input", "output"]),
    status: z.enum(["pass", "flag", "error", "skipped"]),
    reason: z.string().nullable(),
    score: z.number().nullable(),
    threshold: z.number().nullable(),
    latency_ms: z
      .number()
      .nullable()
      .meta({ description: "Of a guardrail that asks over the network; null for others." }),
    rationale: z.string().nullable().meta({ description: "A judge's own reason, redacted." }),
    findings: z.array(findingWireSchema),
  })
  .meta({ id: "Verdict", description: "What one guardrail says of one side of an exchange." });

export const analysisWireSchema = z
  .object({
    id: z.string(),
    object: z.literal("analysis"),
    text: z.string(),
    prompt_version: z.string(),
    model: z.string(),
    created_at: z.int(),
    quality: z
      .object({ passed: z.boolean(), faults: z.array(z.string()) })
      .nullable()
      .meta({ description: "What is wrong with the text; null where it was stored before there was a check." }),
    attempts: z.int().min(1).meta({ description: "Texts that were asked for until this one was kept." }),
    details: z
      .object({
        is_mistake: z.boolean(),
        categories: z.array(z.string()),
        span: z.string().nullable(),
        why: z.string(),
        what_a_good_answer_does: z.string(),
      })
      .nullable()
      .meta({ description: "The same in parts, where the policy asks for it and the model manages it." }),
    proposed_correction: z
      .string()
      .nullable()
      .meta({ description: "An answer in the light of the analysis, passed by the guardrails, confirmed by nobody." }),
  })
  .meta({ id: "Analysis", description: "The model's own explanation of why the answer is a mistake." });

const hasEndUserSchema = z.boolean().meta({ description: "Whether the request named the person behind it." });

export const mistakeWireSchema = z
  .object({
    id: z.string(),
    object: z.literal("mistake"),
    kind: z.string(),
    source: z.string(),
    state: z.string(),
    messages: z.array(chatMessageSchema),
    answer: z.string().meta({ description: "The answer's text; where it has none, its tool calls." }),
    answer_message: completionMessageSchema.meta({
      description: "The whole answer: what spans on the output side point into.",
    }),
    categories: z.array(z.string()),
    verdicts: z.array(verdictWireSchema),
    analyses: z.array(analysisWireSchema),
    correction: z
      .string()
      .nullable()
      .meta({ description: "Of an over-refusal: what should have been answered, where that is known." }),
    action: z.string(),
    released_characters: z.int().meta({ description: "UTF-16 units of the answer that the client got." }),
    stream_mode: z.string().nullable().meta({ description: "How the answer was streamed; null for JSON." }),
    model: z.string(),
    guidance_version: z.string().nullable(),
    policy_version: z.string(),
    classifier_version: z.string().nullable(),
    technique: z.string().nullable().meta({ description: "Of an induction run: what its prompt was made with." }),
    key_id: z.string().nullable(),
    has_end_user: hasEndUserSchema,
    request_id: z.string(),
    completion_id: z.string(),
    cluster: z
      .object({ id: z.string(), size: z.int() })
      .nullable()
      .meta({ description: "Its near duplicates; the size counts exact recurrences, which are not stored." }),
    quarantine: z.string().nullable().meta({
      description:
        "Why it waits for a person's own look: burst, cap, contradiction or source. A confirming review ends it.",
    }),
    created_at: z.int(),
  })
  .meta({ id: "Mistake", description: "A flagged exchange with a non-empty answer of the model, redacted." });

export const attackWireSchema = z
  .object({
    id: z.string(),
    object: z.literal("attack"),
    messages: z.array(chatMessageSchema),
    categories: z.array(z.string()),
    verdicts: z.array(verdictWireSchema),
    policy_version: z.string(),
    key_id: z.string(),
    has_end_user: hasEndUserSchema,
    request_id: z.string(),
    upstream_started: z.boolean().meta({ description: "Blocked by a judge that ran beside the model." }),
    action: z.string().meta({ description: "block; annotate where the policy only monitored, and let it through." }),
    overruled_by: z.string().nullable().meta({ description: "The overrule that calls it no attack." }),
    created_at: z.int(),
  })
  .meta({
    id: "Attack",
    description: "An input that was blocked. It has no answer, and is never analysed or released.",
  });

export type MistakeWire = z.infer<typeof mistakeWireSchema>;
export type AttackWire = z.infer<typeof attackWireSchema>;
