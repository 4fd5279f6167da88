// Policies, their tests, the monitor switch and the audit on the wire. Law: the keys of a policy itself are read by policy/.
import { z } from "zod";
import { chatMessageSchema, completionMessageSchema } from "./chat-completion.ts";
import { verdictWireSchema } from "./mistake.ts";

const id = z.string().min(1).max(64);
const projectId = id.optional().meta({ description: "With the operator's own key alone." });

export const policyRequestSchema = z
  .looseObject({
    name: z.string().trim().min(1).max(100).meta({ description: "Its versions are counted by it." }),
    activate: z.boolean().default(false).meta({ description: "Gone by at once; everywhere within 30 s." }),
    key_id: id.optional().meta({ description: "Activated for this key alone." }),
    project_id: projectId,
  })
  .meta({
    id: "PolicyRequest",
    description: "Beside these, keys of a policy (GET /v1/policies/schema): they replace the default policy's.",
  });

export const policyWireSchema = z
  .object({
    id: z.string(),
    object: z.literal("policy"),
    project_id: z.string(),
    name: z.string(),
    version: z.int().meta({ description: "Of this name. A version never changes." }),
    given: z.record(z.string(), z.unknown()),
    policy: z.record(z.string(), z.unknown()).meta({ description: "Every key; mistakes keep its version." }),
    active: z.boolean().meta({ description: "Whether the project goes by it." }),
    active_key_ids: z.array(z.string()).meta({ description: "Keys that go by it alone." }),
    key_id: z.string(),
    created_at: z.int(),
  })
  .meta({ id: "Policy" });

export const activationRequestSchema = z
  .strictObject({ key_id: id.optional(), project_id: projectId })
  .meta({ id: "PolicyActivation" });

export const activationWireSchema = z.object({
  object: z.literal("policy_activation"),
  project_id: z.string(),
  key_id: z.string().nullable(),
  policy_id: z.string().nullable().meta({ description: "null: what holds without one of its own." }),
  previous_policy_id: z.string().nullable().meta({ description: "Activate it again to undo this." }),
});

export const MOST_TESTED = 50;

export const policyTestRequestSchema = z
  .strictObject({
    exchanges: z
      .array(
        z.strictObject({
          messages: z.array(chatMessageSchema).min(1).max(200),
          answer: z.union([z.string(), completionMessageSchema]).optional(),
        }),
      )
      .max(MOST_TESTED)
      .default([]),
    mistakes: z
      .strictObject({
        ids: z.array(id).max(MOST_TESTED).optional(),
        state: z.string().max(32).optional(),
        source: z.string().max(32).optional(),
        kind: z.string().max(32).optional(),
        limit: z.int().min(1).max(MOST_TESTED).default(20),
      })
      .optional()
      .meta({ description: "By their ids, or the newest that fit; as they are stored, which is redacted." }),
    judges: z.boolean().default(false).meta({ description: "Judges are asked too: that costs calls of a model." }),
    key_id: id.optional().meta({ description: "Compared with what this key goes by; else with the project's policy." }),
    project_id: projectId,
  })
  .meta({ id: "PolicyTestRequest" });

const outcomeSchema = z.object({
  input: z.string(),
  output: z.string().nullable(),
  verdicts: z.array(verdictWireSchema),
});

export const policyTestWireSchema = z.object({
  object: z.literal("policy_test"),
  policy_id: z.string(),
  compared_with: z.string().meta({ description: "The policy's version that is gone by now." }),
  tested: z.int(),
  changed: z.int(),
  missing_ids: z.array(z.string()),
  results: z.array(
    z.object({
      mistake_id: z.string().nullable(),
      exchange: z.int().nullable().meta({ description: "The place in `exchanges`." }),
      changes: z.boolean(),
      before: outcomeSchema,
      after: outcomeSchema,
    }),
  ),
});

export const monitorRequestSchema = z
  .strictObject({ monitor: z.boolean(), project_id: projectId })
  .meta({ id: "MonitorRequest" });

export const monitorWireSchema = z.object({
  object: z.literal("monitor"),
  project_id: z.string(),
  monitor: z.boolean(),
});

export const auditWireSchema = z
  .object({
    id: z.string(),
    object: z.literal("audit_entry"),
    key_id: z.string().meta({ description: "The key with which it was done." }),
    event: z.string(),
    subject: z.string(),
    details: z.record(z.string(), z.union([z.string(), z.boolean(), z.null()])),
    created_at: z.int(),
  })
  .meta({ id: "AuditEntry" });

export type PolicyTestWire = z.infer<typeof policyTestWireSchema>;
export type PolicyWire = z.infer<typeof policyWireSchema>;
export type PolicyTestRequest = z.infer<typeof policyTestRequestSchema>;
