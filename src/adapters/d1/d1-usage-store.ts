// Usage rollups on D1. Law: a batch's rows and its id are written in one transaction, so that a second delivery adds nothing.
import { and, eq, lt, sql } from "drizzle-orm";
import type { BatchItem } from "drizzle-orm/batch";
import type { SpentOnDay, UsageStore } from "../../access/usage-store.ts";
import { NOTHING_SPENT, type UsageBatch, type UsageOwner } from "../../access/usage.ts";
import { outcomeMinutes, usageBatches, usageDays, usageMinutes } from "../../db/usage-tables.ts";
import { trialCounts } from "../../db/candidate-tables.ts";
import { projects } from "../../db/project-tables.ts";
import { idFloor } from "../../lib/ids.ts";
import { MINUTES_A_DAY } from "../../lib/utc-day.ts";
import { among } from "./among.ts";
import type { Database } from "./database.ts";
import { givenField } from "./given-field.ts";

/** Batches in one transaction: four statements each, and D1 takes 1,000 an invocation. */
const BATCHES_AT_ONCE = 50;

export class D1UsageStore implements UsageStore {
  readonly #database: Database;

  constructor(database: Database) {
    this.#database = database;
  }

  async add(batches: readonly UsageBatch[]): Promise<void> {
    for (let start = 0; start < batches.length; start += BATCHES_AT_ONCE) {
      const [first, ...rest] = batches
        .slice(start, start + BATCHES_AT_ONCE)
        .flatMap((batch) => this.#statements(batch));
      if (first !== undefined) await this.#database.batch([first, ...rest]);
    }
  }

  async spentOnDay({ projectId, keyId }: UsageOwner, day: number, batchIds: readonly string[]): Promise<SpentOnDay> {
    const [spent, stored] = await this.#database.batch([
      this.#database
        .select({ tokens: usageDays.tokens, microDollars: usageDays.microDollars })
        .from(usageDays)
        .where(and(eq(usageDays.projectId, projectId), eq(usageDays.keyId, keyId), eq(usageDays.day, day))),
      this.#database.select({ id: usageBatches.id }).from(usageBatches).where(among(usageBatches.id, batchIds)),
    ]);
    return { spent: spent[0] ?? NOTHING_SPENT, storedBatches: stored.map(({ id }) => id) };
  }

  async prune(batchesMadeBefore: number, beforeMinute: number): Promise<number> {
    // Naming the projects lets SQLite walk each one's oldest rows instead of the whole table.
    const every = sql`IN (SELECT ${projects.id} FROM ${projects})`;
    const gone = await this.#database.batch([
      this.#database.delete(usageBatches).where(lt(usageBatches.id, idFloor("use", batchesMadeBefore))),
      this.#database
        .delete(usageMinutes)
        .where(and(sql`${usageMinutes.projectId} ${every}`, lt(usageMinutes.minute, beforeMinute))),
      this.#database
        .delete(outcomeMinutes)
        .where(and(sql`${outcomeMinutes.projectId} ${every}`, lt(outcomeMinutes.minute, beforeMinute))),
      this.#database.delete(usageDays).where(lt(usageDays.day, Math.floor(beforeMinute / MINUTES_A_DAY))),
    ]);
    return gone.reduce((sum, { meta }) => sum + meta.changes, 0);
  }

  #statements({ id, usage, outcomes, trials = [] }: UsageBatch): readonly BatchItem<"sqlite">[] {
    const database = this.#database;
    const isNew = sql`NOT EXISTS (SELECT 1 FROM ${usageBatches} WHERE ${usageBatches.id} = ${id})`;
    const usageRows = sql`FROM json_each(${JSON.stringify(usage)}) WHERE ${isNew}`;
    const outcomeRows = sql`FROM json_each(${JSON.stringify(outcomes)}) WHERE ${isNew}`;
    const day = sql`${givenField("minute")} / ${sql.raw(String(MINUTES_A_DAY))}`;
    return [
      database
        .insert(usageMinutes)
        .select(
          sql`SELECT ${givenField("projectId")}, ${givenField("minute")}, ${givenField("keyId")}, ${givenField("purpose")}, ${givenField("model")}, ${givenField("calls")}, ${givenField("promptTokens")}, ${givenField("completionTokens")}, ${givenField("microDollars")} ${usageRows}`,
        )
        .onConflictDoUpdate({
          target: [
            usageMinutes.projectId,
            usageMinutes.minute,
            usageMinutes.keyId,
            usageMinutes.purpose,
            usageMinutes.model,
          ],
          set: {
            calls: sql`calls + excluded.calls`,
            promptTokens: sql`prompt_tokens + excluded.prompt_tokens`,
            completionTokens: sql`completion_tokens + excluded.completion_tokens`,
            microDollars: sql`micro_dollars + excluded.micro_dollars`,
          },
        }),
      database
        .insert(usageDays)
        .select(
          sql`SELECT ${givenField("projectId")}, ${givenField("keyId")}, ${day}, sum(${givenField("promptTokens")} + ${givenField("completionTokens")}), sum(${givenField("microDollars")}) ${usageRows} GROUP BY 1, 2, 3`,
        )
        .onConflictDoUpdate({
          target: [usageDays.projectId, usageDays.keyId, usageDays.day],
          set: { tokens: sql`tokens + excluded.tokens`, microDollars: sql`micro_dollars + excluded.micro_dollars` },
        }),
      database
        .insert(outcomeMinutes)
        .select(
          sql`SELECT ${givenField("projectId")}, ${givenField("minute")}, ${givenField("keyId")}, ${givenField("outcome")}, ${givenField("count")} ${outcomeRows}`,
        )
        .onConflictDoUpdate({
          target: [outcomeMinutes.projectId, outcomeMinutes.minute, outcomeMinutes.keyId, outcomeMinutes.outcome],
          set: { count: sql`count + excluded.count` },
        }),
      ...(trials.length === 0
        ? []
        : [
            database
              .insert(trialCounts)
              .select(
                sql`SELECT ${givenField("projectId")}, ${givenField("candidateId")}, ${givenField("arm")}, ${givenField("outcome")}, ${givenField("count")} FROM json_each(${JSON.stringify(trials)}) WHERE ${isNew}`,
              )
              .onConflictDoUpdate({
                target: [trialCounts.projectId, trialCounts.candidateId, trialCounts.arm, trialCounts.outcome],
                set: { count: sql`count + excluded.count` },
              }),
          ]),
      database.insert(usageBatches).values({ id }).onConflictDoNothing(),
    ];
  }
}
