// The policy's key `analysis`: who explains mistakes, and how hard it is tried. Law: strict; of a project and not of a request.
import { z } from "zod";

export const analysisPolicySchema = z.strictObject({
  /** the name of one of the project's upstreams of purpose "guardrail"; null: the deployed model explains its own mistakes */
  upstream: z.string().min(1).max(100).nullable(),
  /** the model's name there; null: the one that made the mistake */
  model: z.string().min(1).max(200).nullable(),
  /** texts that are asked for in a row, until one passes the check */
  attempts: z.int().min(1).max(5),
});

export type AnalysisPolicy = z.infer<typeof analysisPolicySchema>;

export const DEFAULT_ANALYSIS_POLICY: AnalysisPolicy = { upstream: null, model: null, attempts: 3 };
