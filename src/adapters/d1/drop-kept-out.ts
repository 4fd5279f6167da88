// The objects of what got no row in the store: an erasure kept it out, or it only repeats another. Their texts were spilled before
// anybody knew. Law: only where the row is not there.
import { keptExchanges } from "../../db/feedback-tables.ts";
import { attacks, mistakes } from "../../db/mistake-tables.ts";
import type { ObjectStore } from "../../lib/object-store.ts";
import { capturedHead, capturedText } from "../../mistake/captured-head.ts";
import type { Captured } from "../../mistake/mistake-store.ts";
import { among } from "./among.ts";
import type { Database } from "./database.ts";
import { objectKeyOf } from "./mistake-rows.ts";

interface Spilled {
  readonly type: Captured["type"];
  readonly id: string;
  readonly objectKey: string;
}

/** Any mistake may be a recurrence; of the rest, what names nobody can't be erased for anybody. */
function spilledOf(item: Captured): readonly Spilled[] {
  const { id, endUser } = capturedHead(item);
  const objectKey = objectKeyOf(capturedText(item));
  if (objectKey === null || (item.type !== "mistake" && endUser === null)) return [];
  return [{ type: item.type, id, objectKey }];
}

export async function dropKeptOut(
  database: Database,
  objects: Pick<ObjectStore, "delete">,
  captured: readonly Captured[],
): Promise<void> {
  const spilled = captured.flatMap(spilledOf);
  const tables = { mistake: mistakes, attack: attacks, exchange: keptExchanges } as const;
  for (const type of ["mistake", "attack", "exchange"] as const) {
    const own = spilled.filter((each) => each.type === type);
    if (own.length === 0) continue;
    const table = tables[type];
    const ids = own.map(({ id }) => id);
    const rows = await database.select({ id: table.id }).from(table).where(among(table.id, ids));
    const isThere = new Set(rows.map(({ id }) => id));
    const gone = own.filter(({ id }) => !isThere.has(id));
    await Promise.all(
      gone.map(async ({ objectKey }) => {
        await objects.delete(objectKey);
      }),
    );
  }
}
