// The paging of every list: `{object: "list", data, has_more, next_cursor}`, newest first, `?limit&cursor`.
import { z } from "zod";
import { queryNumber } from "./query-number.ts";

export const pageQuerySchema = z.object({
  limit: queryNumber(z.coerce.number<string>().int().min(1).max(100)).default(20),
  cursor: z.string().min(1).max(64).optional(),
});

export function listSchema<Schema extends z.ZodType>(
  item: Schema,
): z.ZodObject<{
  object: z.ZodLiteral<"list">;
  data: z.ZodArray<Schema>;
  has_more: z.ZodBoolean;
  next_cursor: z.ZodNullable<z.ZodString>;
}> {
  return z.object({
    object: z.literal("list"),
    data: z.array(item),
    has_more: z.boolean(),
    next_cursor: z.string().nullable(),
  });
}

export interface List<Item> {
  object: "list";
  data: Item[];
  has_more: boolean;
  next_cursor: string | null;
}

export function listOf<Item extends { readonly id: string }>(items: readonly Item[], hasMore: boolean): List<Item> {
  return {
    object: "list",
    data: [...items],
    has_more: hasMore,
    next_cursor: hasMore ? (items.at(-1)?.id ?? null) : null,
  };
}
