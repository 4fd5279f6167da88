// What is old enough to be deleted, on D1. Law: ids sort by time, so that the oldest are the first of an index.
import { and, asc, eq, isNull, lt, or, sql, type SQL } from "drizzle-orm";
import type { SQLiteColumn } from "drizzle-orm/sqlite-core";
import { attacks, mistakes } from "../../db/mistake-tables.ts";
import { idFloor } from "../../lib/ids.ts";
import type { Expired, RetentionStore, Whose } from "../../mistake/retention-store.ts";
import { among } from "./among.ts";
import type { Database } from "./database.ts";
import { filteredIds } from "./filtered-ids.ts";
import { goneStatements, ledClusters } from "./gone-mistakes.ts";

function idsOf(expired: readonly Expired[], type: Expired["type"]): readonly string[] {
  return expired.flatMap((each) => (each.type === type ? [each.id] : []));
}

/** Nothing is asked where no key has a policy of its own, as in most projects. */
function isNotOf(key: SQLiteColumn, keys: readonly string[]): SQL | undefined {
  return keys.length === 0 ? undefined : sql`(${key} IS NULL OR NOT ${among(key, keys)})`;
}

export class D1RetentionStore implements RetentionStore {
  readonly #database: Database;

  constructor(database: Database) {
    this.#database = database;
  }

  async listExpired(
    projectId: string,
    before: number,
    limit: number,
    whose: Whose = { notOf: [] },
  ): Promise<readonly Expired[]> {
    const to = idFloor("mis", before);
    // Of one key along that key's index, where nothing that is younger or another's is walked over.
    const old =
      "key" in whose
        ? sql`${mistakes.id} IN (${filteredIds(projectId, { narrow: { by: "key", value: whose.key } }, { from: "", to }, limit)})`
        : and(eq(mistakes.projectId, projectId), lt(mistakes.id, to), isNotOf(mistakes.keyId, whose.notOf));
    const ofKey = "key" in whose ? eq(attacks.keyId, whose.key) : isNotOf(attacks.keyId, whose.notOf);
    const [oldMistakes, oldAttacks] = await this.#database.batch([
      this.#database
        .select({ id: mistakes.id, objectKey: mistakes.exchangeKey })
        .from(mistakes)
        .where(and(old, this.#isFree()))
        .orderBy(asc(mistakes.id))
        .limit(limit),
      this.#database
        .select({ id: attacks.id, objectKey: attacks.messagesKey })
        .from(attacks)
        .where(and(eq(attacks.projectId, projectId), lt(attacks.id, idFloor("atk", before)), ofKey))
        .orderBy(asc(attacks.id))
        .limit(limit),
    ]);
    return [
      ...oldMistakes.map((row): Expired => ({ type: "mistake", ...row })),
      ...oldAttacks.map((row): Expired => ({ type: "attack", ...row })),
    ].slice(0, limit);
  }

  async deleteExpired(projectId: string, expired: readonly Expired[]): Promise<void> {
    const [mistakeIds, attackIds] = [idsOf(expired, "mistake"), idsOf(expired, "attack")];
    const led = await ledClusters(this.#database, projectId, mistakeIds);
    await this.#database.batch([
      // Asked again: a release may have claimed one meanwhile.
      this.#database
        .delete(mistakes)
        .where(and(eq(mistakes.projectId, projectId), among(mistakes.id, mistakeIds), this.#isFree())),
      this.#database.delete(attacks).where(and(eq(attacks.projectId, projectId), among(attacks.id, attackIds))),
      ...goneStatements(this.#database, projectId, mistakeIds, led),
    ]);
  }

  /** No release is being built from it. */
  #isFree(): SQL | undefined {
    return or(isNull(mistakes.releaseId), eq(mistakes.state, "released"));
  }
}
