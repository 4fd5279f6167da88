// The objects that no row names: an erasure kept it out, it only repeats another, or its row was stored with the text inline before
// the object came to be. Texts are spilled before anybody knows. Law: a row's own key never changes to that of the object.
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

function spilledOf(item: Captured): readonly Spilled[] {
  const objectKey = objectKeyOf(capturedText(item)) ?? item.triedKey ?? null;
  return objectKey === null ? [] : [{ type: item.type, id: capturedHead(item).id, objectKey }];
}

const SOURCES = {
  mistake: { table: mistakes, key: mistakes.exchangeKey },
  attack: { table: attacks, key: attacks.messagesKey },
  exchange: { table: keptExchanges, key: keptExchanges.exchangeKey },
} as const;

export async function dropKeptOut(
  database: Database,
  objects: Pick<ObjectStore, "delete">,
  captured: readonly Captured[],
): Promise<void> {
  const spilled = captured.flatMap(spilledOf);
  for (const type of ["mistake", "attack", "exchange"] as const) {
    const own = spilled.filter((each) => each.type === type);
    if (own.length === 0) continue;
    const { table, key } = SOURCES[type];
    const ids = own.map(({ id }) => id);
    const rows = await database.select({ id: table.id, key }).from(table).where(among(table.id, ids));
    const keyOf = new Map(rows.map((row) => [row.id, row.key]));
    const unnamed = own.filter(({ id, objectKey }) => keyOf.get(id) !== objectKey);
    await Promise.all(
      unnamed.map(async ({ objectKey }) => {
        await objects.delete(objectKey);
      }),
    );
  }
}
