// Candidates on the wire.
import { z } from "zod";

const armSchema = z.object({ requests: z.int(), flagged: z.int(), refused: z.int(), errors: z.int() });

const differenceSchema = z.object({
  outcome: z.enum(["flagged", "refused", "error"]),
  difference: z.number().meta({ description: "The candidate's share less the incumbent's: above 0 is worse." }),
  low: z.number(),
  high: z.number(),
  margin: z.number(),
});

export const candidateWireSchema = z
  .object({
    id: z.string(),
    object: z.literal("candidate"),
    name: z.string(),
    upstream: z.string(),
    model: z.string().nullable(),
    release_id: z.string().nullable(),
    state: z.enum(["registered", "canary", "promoted", "rolled_back"]),
    share: z.number(),
    reason: z.string().nullable(),
    gate: z.record(z.string(), z.unknown()),
    created_at: z.int(),
    started_at: z.int().nullable(),
    decided_at: z.int().nullable(),
  })
  .meta({ id: "Candidate", description: "A model that may take the deployed one's place." });

export const candidateTrialWireSchema = candidateWireSchema
  .extend({
    trial: z.object({
      incumbent: armSchema,
      candidate: armSchema,
      differences: z.array(differenceSchema),
      decision: z.enum(["continue", "promote", "roll_back"]).meta({ description: "What the gate says just now." }),
      reason: z.string(),
    }),
  })
  .meta({ id: "CandidateOnTrial" });

export type CandidateWire = z.infer<typeof candidateWireSchema>;
export type CandidateTrialWire = z.infer<typeof candidateTrialWireSchema>;
