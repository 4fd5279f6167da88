// Erasures and the access log on the wire. Law: the end user's id comes in and never goes out.
import { z } from "zod";

export const endUserIdSchema = z.string().min(1).max(1_000);

export const eraseRequestSchema = z
  .strictObject({
    id: endUserIdSchema.meta({ description: "As the requests named him: `safety_identifier`, else `user`." }),
  })
  .meta({ id: "EraseRequest" });

export const erasureWireSchema = z
  .object({
    id: z.string(),
    object: z.literal("erasure"),
    status: z.enum(["running", "done"]).meta({ description: "What is running is finished by cron." }),
    erased: z.record(z.string(), z.int()).meta({ description: "How much at each place." }),
    release_ids: z.array(z.string()).meta({
      description:
        "Releases that held examples of the end user, rewritten without them: models trained on them saw them.",
    }),
    key_id: z.string(),
    created_at: z.int(),
    finished_at: z.int().nullable(),
  })
  .meta({ id: "Erasure", description: "Everything of one end user, taken out of everything that is kept." });

export const accessEntryWireSchema = z
  .object({
    id: z.string(),
    object: z.literal("access_entry"),
    key_id: z.string().meta({ description: "Who read." }),
    thing: z.string(),
    subjects: z.array(z.string()).meta({ description: "The ids of what was read." }),
    request_id: z.string(),
    created_at: z.int(),
  })
  .meta({ id: "AccessEntry" });
