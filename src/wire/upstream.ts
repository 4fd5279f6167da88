// Upstreams on the wire. Law: strict on what comes in, and credentials never go out.
import { z } from "zod";
import { baseUrl, isBaseUrl } from "../lib/base-url.ts";

/** What an operator may let an upstream's credentials be read from: no other secret can be named. */
export const UPSTREAM_SECRET_PATTERN = /^SETBACK_UPSTREAM_KEY_[A-Z0-9_]{1,64}$/;

export const UPSTREAM_PURPOSES = ["chat", "guardrail", "candidate"] as const;

const modelName = z.string().min(1).max(200);
const milliseconds = z.int().min(10).max(600_000);

const fields = {
  name: z.string().trim().min(1).max(100).meta({ description: "One of its own, but where the purpose is `chat`." }),
  url: z
    .string()
    .trim()
    .max(2_000)
    .refine(isBaseUrl, { message: "is no http(s) address without credentials and query" })
    .transform(baseUrl)
    .meta({ description: "The base address of an OpenAI-compatible server, in most cases up to /v1." }),
  models: z
    .record(modelName, modelName)
    .refine((models) => Object.keys(models).length <= 100, { message: "has more than 100 models" })
    .meta({ description: "The client's name → the upstream's. Empty: names are passed as they are." }),
  priority: z.int().min(0).max(1_000).meta({ description: "The lowest is asked first; default 100." }),
  timeout_ms: milliseconds.meta({ description: "Over all attempts; default 120000." }),
  attempt_timeout_ms: milliseconds.meta({ description: "Of each attempt, until its first byte; default: all of it." }),
  idle_timeout_ms: milliseconds.meta({ description: "The longest silence within a stream; default 60000." }),
  attempts: z.int().min(1).max(6).meta({ description: "Default 2." }),
  key: z
    .string()
    .regex(/^[\x21-\x7e]{1,4096}$/, { message: "has characters that no header can carry" })
    .nullable()
    .meta({ description: "Stored encrypted, never shown again; null for none." }),
  secret: z
    .string()
    .regex(UPSTREAM_SECRET_PATTERN, {
      message: "must be the name of a secret, SETBACK_UPSTREAM_KEY_…",
    })
    .meta({ description: "The Worker's secret that holds the key, in place of `key`." }),
};

interface Credentials {
  readonly key?: unknown;
  readonly secret?: unknown;
}

function hasOneCredential({ key, secret }: Credentials): boolean {
  return key === undefined || secret === undefined;
}

const ONE_CREDENTIAL = { message: "stands beside secret: give one of them", path: ["key"] };

export const upstreamRequestSchema = z
  .strictObject({
    ...fields,
    purpose: z.enum(UPSTREAM_PURPOSES).default("chat").meta({
      description:
        "`guardrail`: asked by the policy's judges, which name it, and never answers a chat; `candidate`: answers only what a candidate that names it may (/v1/candidates). It stays.",
    }),
    models: fields.models.default({}),
    priority: fields.priority.default(100),
    timeout_ms: fields.timeout_ms.default(120_000),
    attempt_timeout_ms: fields.attempt_timeout_ms.optional(),
    idle_timeout_ms: fields.idle_timeout_ms.default(60_000),
    attempts: fields.attempts.default(2),
    key: fields.key.optional(),
    secret: fields.secret.optional(),
    project_id: z.string().max(64).optional().meta({ description: "The default project unless it is given." }),
  })
  .refine(hasOneCredential, ONE_CREDENTIAL)
  .meta({ id: "UpstreamRequest" });

export const upstreamChangeSchema = z
  .strictObject(fields)
  .partial()
  .refine(hasOneCredential, ONE_CREDENTIAL)
  .meta({ id: "UpstreamChange" });

export const upstreamWireSchema = z
  .object({
    id: z.string(),
    object: z.literal("upstream"),
    project_id: z.string(),
    purpose: z.enum(UPSTREAM_PURPOSES),
    name: z.string(),
    url: z.string(),
    models: z.record(z.string(), z.string()),
    priority: z.int(),
    timeout_ms: z.int(),
    attempt_timeout_ms: z.int(),
    idle_timeout_ms: z.int(),
    attempts: z.int(),
    has_key: z.boolean(),
    secret: z.string().nullable(),
    created_at: z.int(),
  })
  .meta({ id: "Upstream" });

export const deletedUpstreamSchema = z.object({
  id: z.string(),
  object: z.literal("upstream"),
  deleted: z.literal(true),
});

export type UpstreamRequest = z.infer<typeof upstreamRequestSchema>;
export type UpstreamChange = z.infer<typeof upstreamChangeSchema>;
export type UpstreamWire = z.infer<typeof upstreamWireSchema>;
