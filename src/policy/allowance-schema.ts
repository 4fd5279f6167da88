// An allowance as a policy writes it: a flag that is known to be none, for as narrow a case as its fields say.
// Law: it names at least one thing that is allowed, so that none allows everything.
import { z } from "zod";
import { isCategory } from "./category.ts";

/** Whose text it is, as guardrails see it; `developer` counts as `system`, `function` as `tool`. */
export const ROLES = ["system", "user", "assistant", "tool"] as const;

const narrow = ["categories", "guardrail", "rule", "phrase", "prompt_hash"] as const;

/** A field that is null, or left out, does not narrow; all others must hold at once. */
export const allowanceSchema = z
  .strictObject({
    /** stands in the verdict's reason: `allowed by ID` */
    id: z.string().regex(/^[A-Za-z0-9_-]{1,64}$/),
    categories: z
      .array(z.string().refine(isCategory, { message: "is no category" }))
      .min(1)
      .max(50)
      .nullable()
      .default(null),
    /** the id of a guardrail */
    guardrail: z.string().min(1).max(64).nullable().default(null),
    /** the rule that a finding names */
    rule: z.string().min(1).max(128).nullable().default(null),
    /** what was flagged must be this, whatever its case and its white space */
    phrase: z.string().min(1).max(500).nullable().default(null),
    /** SHA-256 of all that was sent but the system prompt (of one turn: that turn), normalised (allowance.ts) */
    prompt_hash: z
      .string()
      .regex(/^[0-9a-f]{64}$/, { message: "is no SHA-256 in lower-case hexadecimal" })
      .nullable()
      .default(null),
    /** of which side's guardrails the flag is: a request's, or an answer's */
    sides: z
      .array(z.enum(["input", "output"]))
      .min(1)
      .max(2)
      .nullable()
      .default(null),
    /** whose text the flag lies in */
    roles: z.array(z.enum(ROLES)).min(1).max(ROLES.length).nullable().default(null),
    /** whose requests */
    key_ids: z.array(z.string().min(1).max(64)).min(1).max(100).nullable().default(null),
    /** seconds since the Unix epoch */
    expires_at: z.int().min(0).nullable().default(null),
  })
  .refine((allowance) => narrow.some((field) => allowance[field] !== null), {
    message: `allows everything: give at least one of ${narrow.join(", ")}`,
  });

export type Allowance = z.infer<typeof allowanceSchema>;
