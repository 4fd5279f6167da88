// GET /v1/usage on the wire: seconds for times, dollars for money.
import { z } from "zod";
import { queryNumber } from "./query-number.ts";

export const USAGE_GROUPS = ["key", "purpose", "model", "minute", "hour", "day"] as const;

const groupSchema = z.enum(USAGE_GROUPS);
const timeSchema = queryNumber(z.coerce.number<string>().int().min(0).max(100_000_000_000));

export const usageQuerySchema = z.object({
  from: timeSchema.optional().meta({ description: "Unix seconds; a day before `to` if left out." }),
  to: timeSchema.optional().meta({ description: "Unix seconds, not included; now if left out." }),
  group_by: z
    .string()
    .transform((text) => text.split(",").map((name) => name.trim()))
    .pipe(z.array(groupSchema).max(USAGE_GROUPS.length))
    .optional()
    .meta({ description: `Some of ${USAGE_GROUPS.join(", ")}, with commas between.` }),
});

const groupKey = { start: z.int().optional(), key_id: z.string().optional() };

export const usageWireSchema = z
  .object({
    object: z.literal("usage"),
    from: z.int(),
    to: z.int(),
    usage: z.array(
      z.object({
        ...groupKey,
        purpose: z.string().optional(),
        model: z.string().optional(),
        calls: z.int(),
        prompt_tokens: z.int(),
        completion_tokens: z.int(),
        dollars: z.number(),
      }),
    ),
    outcomes: z.array(z.object({ ...groupKey, outcome: z.string(), count: z.int() })),
    truncated: z.boolean().meta({ description: "More groups than are shown: ask for a shorter time or fewer groups." }),
  })
  .meta({ id: "Usage" });

export type UsageWire = z.infer<typeof usageWireSchema>;
