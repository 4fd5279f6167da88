// Deletes exchanges whose feedback window is over. Law: bounded, and safe to repeat — objects go before the rows that name them, so
// that what could not be deleted is found again.
import type { Clock } from "../lib/clock.ts";
import type { ObjectStore } from "../lib/object-store.ts";
import type { KeptExchangeStore } from "../mistake/kept-exchange-store.ts";
import { eraseStoredTexts } from "../mistake/stored-texts.ts";

export interface ExpiredExchangesDependencies {
  readonly keptExchanges: Pick<KeptExchangeStore, "listExpiredKept" | "deleteExpiredKept">;
  readonly objects: Pick<ObjectStore, "delete" | "get" | "replace">;
  readonly clock: Clock;
}

const BATCH = 200;
/** A run, which is once a minute: each may be an object, and a Worker's invocation has 10,000 subrequests. */
const MOST_DELETED = 2_000;

/** How many were deleted. */
export async function deleteExpiredExchanges(dependencies: ExpiredExchangesDependencies): Promise<number> {
  const { keptExchanges, objects, clock } = dependencies;
  const now = clock();
  let deleted = 0;
  while (deleted < MOST_DELETED) {
    const expired = await keptExchanges.listExpiredKept(now, BATCH);
    if (expired.length === 0) break;
    await eraseStoredTexts(
      objects,
      expired.flatMap(({ objectKey }) => objectKey ?? []),
    );
    await keptExchanges.deleteExpiredKept(
      expired.map(({ id }) => id),
      now,
    );
    deleted += expired.length;
    if (expired.length < BATCH) break;
  }
  return deleted;
}
