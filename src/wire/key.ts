// Keys and projects on the wire.
import { z } from "zod";
import { keyLimitsSchema, shownLimitsSchema } from "./key-limits.ts";

const consentSchema = z.enum(["opt_out", "opt_in", "never"]);

const nameSchema = z.string().trim().min(1).max(100);

export const keyRequestSchema = z
  .strictObject({
    name: nameSchema,
    scopes: z
      .array(z.enum(["chat", "feedback", "review", "release", "admin"]))
      .min(1)
      .max(5),
    limits: keyLimitsSchema.optional(),
    consent: consentSchema
      .nullable()
      .default(null)
      .meta({
        description:
          "What may be stored of this key's requests: null as the policy says; opt_in only those with `store: true`; " +
          "never nothing, whatever a request says. The narrowest of policy, key and request wins.",
      }),
    project_id: z
      .string()
      .max(64)
      .optional()
      .meta({ description: "Another project than the caller's own; with the operator's own key alone." }),
  })
  .meta({ id: "KeyRequest" });

export const keyWireSchema = z
  .object({
    id: z.string(),
    object: z.literal("key"),
    name: z.string(),
    scopes: z.array(z.string()),
    limits: shownLimitsSchema,
    consent: consentSchema.nullable(),
    project_id: z.string(),
    created_at: z.int(),
    key: z.string().optional().meta({ description: "The key itself, in the reply that made it and never again." }),
  })
  .meta({ id: "Key" });

export const deletedKeySchema = z.object({
  id: z.string(),
  object: z.literal("key"),
  deleted: z.literal(true),
});

export const projectRequestSchema = z.strictObject({ name: nameSchema }).meta({ id: "ProjectRequest" });

export const projectWireSchema = z
  .object({ id: z.string(), object: z.literal("project"), name: z.string(), created_at: z.int() })
  .meta({ id: "Project" });
