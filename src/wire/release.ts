// Releases on the wire.
import { z } from "zod";

export const releaseWireSchema = z
  .object({
    id: z.string(),
    object: z.literal("release"),
    status: z.enum(["building", "ready", "failed"]),
    trigger: z.enum(["request", "schedule"]),
    include_released: z.boolean(),
    formats: z.array(z.string()),
    counts: z
      .object({ analysis: z.int(), normal: z.int(), correction: z.int().optional(), preference: z.int().optional() })
      .meta({ description: "Examples by type; corrections and preferences only where there are some." }),
    files: z.array(z.object({ name: z.string(), bytes: z.int(), sha256: z.string(), rows: z.int() })),
    failure: z.string().nullable(),
    erased: z
      .int()
      .meta({ description: "Examples that erasures took out: its files are not those that it was made with." }),
    created_at: z.int(),
    ready_at: z.int().nullable(),
    collected_at: z.int().nullable(),
  })
  .meta({
    id: "Release",
    description: "An immutable set of training files; see manifest.json for each row's lineage.",
  });

export type ReleaseWire = z.infer<typeof releaseWireSchema>;
