// Clusters of near duplicates on the wire.
import { z } from "zod";

export const clusterWireSchema = z
  .object({
    id: z.string(),
    object: z.literal("cluster"),
    size: z.int().meta({ description: "Mistakes and exact recurrences that ever joined it." }),
    created_at: z.int(),
    latest_at: z.int(),
  })
  .meta({ id: "Cluster", description: "Mistakes that are near duplicates: GET /v1/mistakes?cluster=ID lists them." });
