// Turns as trainers take them: a role and a text each.
import { z } from "zod";

export const promptSchema = z
  .array(z.strictObject({ role: z.enum(["system", "user", "assistant"]), content: z.string().min(1) }))
  .min(1)
  .refine((turns) => turns.at(-1)?.role === "user", { message: "must end in a user turn" });

/** One assistant turn, which is what both vendors' pages show. */
export const answerSchema = z.tuple([z.strictObject({ role: z.literal("assistant"), content: z.string().min(1) })]);
