// What the benchmark says to its load generator, and what that answers. Law: both ends parse what they get.
import { z } from "zod";

export const loadOrderSchema = z.object({
  id: z.int(),
  port: z.int(),
  /** head and body, ready to be sent */
  request: z.string(),
  concurrency: z.int(),
  exchanges: z.int(),
  /** nothing new is begun after this; null: all of them are begun */
  mostMilliseconds: z.number().nullable(),
  /** between the beginnings of the lanes, so that paced exchanges do not all begin at once, as no clients do */
  staggerMilliseconds: z.number(),
  /** note every arrival of visible text */
  careful: z.boolean(),
  stream: z.boolean(),
});

const arrivalSchema = z.object({ atMilliseconds: z.number(), text: z.string() });

export const loadResultSchema = z.object({
  id: z.int(),
  exchanges: z.int(),
  errors: z.int(),
  firstError: z.string().nullable(),
  elapsedMilliseconds: z.number(),
  firstTextMilliseconds: z.array(z.number()),
  endMilliseconds: z.array(z.number()),
  /** one list an exchange, if it was asked to be careful */
  arrivals: z.array(z.array(arrivalSchema)),
  finishReasons: z.array(z.string().nullable()),
});

export type LoadOrder = z.infer<typeof loadOrderSchema>;
export type LoadResult = z.infer<typeof loadResultSchema>;
