// A page out of `limit + 1` rows: whether there is more is known without counting.
import type { Page } from "../../lib/page.ts";

export function pageOf<Item>(items: readonly Item[], limit: number): Page<Item> {
  return { items: items.slice(0, limit), hasMore: items.length > limit };
}
