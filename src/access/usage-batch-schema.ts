// What the usage queue carries, checked as it comes out. Law: strict — a message that does not fit is a dead letter.
import { z } from "zod";
import { TRIAL_ARMS, TRIAL_OUTCOMES } from "./trial.ts";
import { OUTCOMES, USAGE_PURPOSES, type UsageBatch } from "./usage.ts";

const whole = z.int().min(0);
const id = z.string().min(1).max(64);

export const usageBatchSchema: z.ZodType<UsageBatch> = z.object({
  id,
  usage: z.array(
    z.object({
      projectId: id,
      keyId: id,
      purpose: z.enum(USAGE_PURPOSES),
      model: z.string(),
      minute: whole,
      calls: whole,
      promptTokens: whole,
      completionTokens: whole,
      microDollars: whole,
    }),
  ),
  trials: z
    .array(
      z.object({
        ...{ projectId: id, candidateId: id, arm: z.enum(TRIAL_ARMS), outcome: z.enum(TRIAL_OUTCOMES) },
        count: whole,
      }),
    )
    .optional(),
  outcomes: z.array(z.object({ projectId: id, keyId: id, outcome: z.enum(OUTCOMES), minute: whole, count: whole })),
});
