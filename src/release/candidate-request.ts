// What is asked of /v1/candidates. Law: strict; what is left out is as the gate's defaults say.
import { z } from "zod";
import { canaryGateSchema } from "./canary-gate.ts";

const name = z.string().trim().min(1).max(100);

export const candidateRequestSchema = z
  .strictObject({
    name,
    upstream: name.meta({ description: "The name of one of the project's upstreams of purpose `candidate`." }),
    model: z.string().min(1).max(200).optional().meta({
      description: "The model's name there; else as the client names it, through the upstream's own map.",
    }),
    release_id: z.string().min(1).max(64).optional().meta({ description: "What it was trained on." }),
    gate: canaryGateSchema.prefault({}),
  })
  .meta({ id: "CandidateRequest" });

export const canaryRequestSchema = z
  .strictObject({
    share: z.number().gt(0).max(0.5).meta({
      description:
        "Of conversations, at most half: the others are what it is measured against. Another call changes it.",
    }),
  })
  .meta({ id: "CanaryRequest" });

export const decisionRequestSchema = z
  .strictObject({ reason: z.string().trim().min(1).max(200).default("by hand") })
  .meta({ id: "CandidateDecisionRequest" });
