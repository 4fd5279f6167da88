// The objects of what an erasure kept out of the store: their texts were spilled before anybody knew. Law: only where the row is not there.
import { keptExchanges } from "../../db/feedback-tables.ts";
import { attacks, mistakes } from "../../db/mistake-tables.ts";
import type { ObjectStore } from "../../lib/object-store.ts";
import type { Captured } from "../../mistake/mistake-store.ts";
import { among } from "./among.ts";
import type { Database } from "./database.ts";

interface Spilled {
  readonly type: Captured["type"];
  readonly id: string;
  readonly objectKey: string;
}

/** What names nobody can't be erased for anybody. */
function spilledOf(item: Captured): readonly Spilled[] {
  const { type } = item;
  const [id, endUser, kept] =
    item.type === "mistake"
      ? [item.mistake.id, item.mistake.provenance.endUser, item.exchange]
      : item.type === "attack"
        ? [item.attack.id, item.attack.endUser, item.messages]
        : [item.kept.id, item.kept.provenance.endUser, item.exchange];
  return endUser === null || "inline" in kept ? [] : [{ type, id, objectKey: kept.objectKey }];
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
    for (const { id, objectKey } of own) if (!isThere.has(id)) await objects.delete(objectKey);
  }
}
