// Kept exchanges on D1, with those that were too large for a row in the object store.
import { and, asc, desc, eq, gt, isNull, lte, or, type SQL } from "drizzle-orm";
import { keptExchanges } from "../../db/feedback-tables.ts";
import type { ObjectStore } from "../../lib/object-store.ts";
import { storedExchangeSchema } from "../../mistake/captured-schema.ts";
import type { ExpiredKept, KeptExchangeStore, KeptName } from "../../mistake/kept-exchange-store.ts";
import type { KeptExchange, KeptState } from "../../mistake/kept-exchange.ts";
import { readStoredTexts } from "../../mistake/stored-texts.ts";
import { among } from "./among.ts";
import type { Database } from "./database.ts";
import { rowToKept, type KeptExchangeRow } from "./kept-exchange-rows.ts";

export class D1KeptExchangeStore implements KeptExchangeStore {
  readonly #database: Database;
  readonly #objects: Pick<ObjectStore, "getText" | "getRange">;

  constructor(database: Database, objects: Pick<ObjectStore, "getText" | "getRange">) {
    this.#database = database;
    this.#objects = objects;
  }

  async findKept(projectId: string, { completionId, choice }: KeptName, now: number): Promise<KeptExchange | null> {
    const [row] = await this.#database
      .select()
      .from(keptExchanges)
      .where(
        and(
          eq(keptExchanges.projectId, projectId),
          eq(keptExchanges.completionId, completionId),
          eq(keptExchanges.choice, choice),
          or(isNull(keptExchanges.expiresAt), gt(keptExchanges.expiresAt, now)),
        ),
      )
      .orderBy(desc(keptExchanges.id))
      .limit(1);
    return row === undefined ? null : await this.#whole(row);
  }

  async getKept(projectId: string, id: string): Promise<KeptExchange | null> {
    const [row] = await this.#database.select().from(keptExchanges).where(this.#named(projectId, id));
    return row === undefined ? null : await this.#whole(row);
  }

  async mark(projectId: string, id: string, state: KeptState, expiresAt: number | null): Promise<void> {
    await this.#database.update(keptExchanges).set({ state, expiresAt }).where(this.#named(projectId, id));
  }

  async listExpiredKept(now: number, limit: number): Promise<readonly ExpiredKept[]> {
    return await this.#database
      .select({ id: keptExchanges.id, objectKey: keptExchanges.exchangeKey })
      .from(keptExchanges)
      .where(lte(keptExchanges.expiresAt, now))
      .orderBy(asc(keptExchanges.expiresAt))
      .limit(limit);
  }

  async deleteExpiredKept(ids: readonly string[], now: number): Promise<void> {
    await this.#database
      .delete(keptExchanges)
      .where(and(among(keptExchanges.id, ids), lte(keptExchanges.expiresAt, now)));
  }

  #named(projectId: string, id: string): SQL | undefined {
    return and(eq(keptExchanges.projectId, projectId), eq(keptExchanges.id, id));
  }

  /** null where its object is gone: it has expired, and its row is about to go too. */
  async #whole(row: KeptExchangeRow): Promise<KeptExchange | null> {
    if (row.exchange !== null) return rowToKept(row, row.exchange);
    const { exchangeKey: key } = row;
    const text = key === null ? undefined : (await readStoredTexts(this.#objects, [key])).get(key);
    return text === undefined ? null : rowToKept(row, storedExchangeSchema.parse(JSON.parse(text)));
  }
}
