// Asks a gateway for one page of dead letters after another. Law: each letter is seen once, so what stays keeps nothing waiting.
import { z } from "zod";

export interface ReplayAsked {
  readonly url: string;
  readonly key: string;
  /** how many letters are looked at, at most */
  readonly limit: number;
  readonly isRehearsal: boolean;
  readonly fetch: typeof fetch;
}

export interface ReplayedAll {
  readonly replayed: number;
  readonly unreadable: number;
  readonly refused: number;
  readonly hasMore: boolean;
}

const PAGE = 100;

const pageSchema = z.looseObject({
  replayed: z.int(),
  unreadable: z.int(),
  refused: z.int(),
  next: z.string().nullable(),
});

export async function replayAll({ url, key, limit, isRehearsal, fetch }: ReplayAsked): Promise<ReplayedAll> {
  const sums = { replayed: 0, unreadable: 0, refused: 0 };
  let after: string | null = null;
  for (let seen = 0; seen < limit; seen += PAGE) {
    const order = { limit: Math.min(PAGE, limit - seen), after, dry_run: isRehearsal };
    const response = await fetch(new URL("/v1/dead-letters/replay", url), {
      method: "POST",
      headers: { authorization: `Bearer ${key}`, "content-type": "application/json" },
      body: JSON.stringify(order),
    });
    const text = await response.text();
    if (!response.ok) throw new Error(`${url} answered ${response.status}: ${text}`);
    const page: z.infer<typeof pageSchema> = pageSchema.parse(JSON.parse(text));
    sums.replayed += page.replayed;
    sums.unreadable += page.unreadable;
    sums.refused += page.refused;
    after = page.next;
    if (after === null) return { ...sums, hasMore: false };
  }
  return { ...sums, hasMore: true };
}
