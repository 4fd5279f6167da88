// What is old enough to be deleted, on D1. Law: ids sort by time, so that the oldest are the first of an index.
import { and, asc, eq, isNull, lt, or, type SQL } from "drizzle-orm";
import { attacks, mistakes } from "../../db/mistake-tables.ts";
import { idFloor } from "../../lib/ids.ts";
import type { Expired, RetentionStore } from "../../mistake/retention-store.ts";
import { among } from "./among.ts";
import type { Database } from "./database.ts";
import { goneStatements, ledClusters } from "./gone-mistakes.ts";

function idsOf(expired: readonly Expired[], type: Expired["type"]): readonly string[] {
  return expired.flatMap((each) => (each.type === type ? [each.id] : []));
}

export class D1RetentionStore implements RetentionStore {
  readonly #database: Database;

  constructor(database: Database) {
    this.#database = database;
  }

  async listExpired(projectId: string, before: number, limit: number): Promise<readonly Expired[]> {
    const [oldMistakes, oldAttacks] = await this.#database.batch([
      this.#database
        .select({ id: mistakes.id, objectKey: mistakes.exchangeKey })
        .from(mistakes)
        .where(and(eq(mistakes.projectId, projectId), lt(mistakes.id, idFloor("mis", before)), this.#isFree()))
        .orderBy(asc(mistakes.id))
        .limit(limit),
      this.#database
        .select({ id: attacks.id, objectKey: attacks.messagesKey })
        .from(attacks)
        .where(and(eq(attacks.projectId, projectId), lt(attacks.id, idFloor("atk", before))))
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

  /** What may have nobody in it any more, asked before its mistakes go. */
  /** No release is being built from it. */
  #isFree(): SQL | undefined {
    return or(isNull(mistakes.releaseId), eq(mistakes.state, "released"));
  }
}
