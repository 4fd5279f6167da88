// What the durability check and its Worker say to each other. Law: both ends parse what they get.
import { z } from "zod";

const ratesSchema = z.object({
  queue: z.number(),
  database: z.number(),
  objects: z.number(),
  silence: z.number(),
});

export const messageSchema = z.object({ id: z.string(), body: z.unknown(), attempts: z.int() });
export type Message = z.infer<typeof messageSchema>;

/** Where a consumer dies: of its own, or with its whole runtime. `between`: at one of its calls of the database. */
const deathSchema = z.enum([
  ...["before_write", "between", "after_write"],
  ...["runtime_before_write", "runtime_between", "runtime_after_write"],
] as const);
export type Death = z.infer<typeof deathSchema>;

export const orderSchema = z.discriminatedUnion("kind", [
  z.object({ kind: z.literal("capture"), seed: z.int(), rates: ratesSchema, first: z.int(), count: z.int() }),
  z.object({
    kind: z.literal("consume"),
    seed: z.int(),
    rates: ratesSchema,
    queue: z.string(),
    messages: z.array(messageSchema).readonly(),
    death: deathSchema.nullable(),
  }),
  z.object({ kind: z.literal("tick"), seed: z.int(), rates: ratesSchema }),
  z.object({ kind: z.literal("prepare"), seed: z.int(), rates: ratesSchema }),
]);
export type Order = z.infer<typeof orderSchema>;

export const capturedReplySchema = z.object({
  accepted: z.array(z.string()),
  refused: z.int(),
  /** each offered one's number by its id, accepted or not */
  offered: z.array(z.tuple([z.string(), z.int()])),
});
/** message ids */
export const consumedReplySchema = z.object({
  acknowledged: z.array(z.string()),
  retried: z.array(z.string()),
  /** what D1 itself refused, and not the check's faults */
  refused: z.array(z.string()),
});
export const tickedReplySchema = z.object({ replayed: z.int() });

export const DEAD_LETTERS = "setback-dead-letters";
