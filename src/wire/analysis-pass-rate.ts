// How often analyses pass their check, on the wire.
import { z } from "zod";

export const analysisPassRatesWireSchema = z
  .object({
    object: z.literal("list"),
    data: z.array(
      z.object({
        object: z.literal("analysis_pass_rate"),
        prompt_version: z.string(),
        model: z.string(),
        analyses: z.int().meta({ description: "That were checked and kept." }),
        passed: z.int(),
        attempts: z.int().meta({ description: "Texts that were asked for." }),
        pass_rate: z.number().meta({ description: "Of the texts that were asked for." }),
      }),
    ),
  })
  .meta({ id: "AnalysisPassRates", description: "By prompt and model, of the newest analyses." });
