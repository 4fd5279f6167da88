// Sums of the usage rollups on D1, grouped by whatever was asked.
import { and, asc, eq, gte, lt, sql, sum, type AnyColumn, type SQL } from "drizzle-orm";
import type { OutcomeSum, UsageGroup, UsageQuery, UsageReports, UsageSum } from "../../access/usage-reports.ts";
import { outcomeMinutes, usageMinutes } from "../../db/usage-tables.ts";
import { MINUTES_A_DAY } from "../../lib/utc-day.ts";
import type { Database } from "./database.ts";

const MINUTES_A_GROUP: Readonly<Partial<Record<UsageGroup, number>>> = { minute: 1, hour: 60, day: MINUTES_A_DAY };

/** The beginning of the minute, hour or day that a row falls into; the finest that was asked wins. */
function beginOf(minute: AnyColumn, groupBy: readonly UsageGroup[]): SQL<number> | null {
  const sizes = groupBy.flatMap((group) => MINUTES_A_GROUP[group] ?? []);
  if (sizes.length === 0) return null;
  const size = sql.raw(String(Math.min(...sizes)));
  return sql<number>`${minute} / ${size} * ${size}`;
}

function within(table: typeof usageMinutes | typeof outcomeMinutes, query: UsageQuery): SQL | undefined {
  const { projectId, fromMinute, toMinute } = query;
  return and(eq(table.projectId, projectId), gte(table.minute, fromMinute), lt(table.minute, toMinute));
}

const total = (column: AnyColumn): SQL<number> => sum(column).mapWith(Number);

export class D1UsageReports implements UsageReports {
  readonly #database: Database;

  constructor(database: Database) {
    this.#database = database;
  }

  async sumUsage(query: UsageQuery): Promise<readonly UsageSum[]> {
    const { groupBy, limit } = query;
    const begin = beginOf(usageMinutes.minute, groupBy);
    const groups = {
      ...(begin === null ? {} : { minute: begin }),
      ...(groupBy.includes("key") ? { keyId: usageMinutes.keyId } : {}),
      ...(groupBy.includes("purpose") ? { purpose: usageMinutes.purpose } : {}),
      ...(groupBy.includes("model") ? { model: usageMinutes.model } : {}),
    };
    const sums = {
      calls: total(usageMinutes.calls),
      promptTokens: total(usageMinutes.promptTokens),
      completionTokens: total(usageMinutes.completionTokens),
      microDollars: total(usageMinutes.microDollars),
    };
    const by = Object.values(groups);
    const rows = this.#database
      .select({ ...groups, ...sums })
      .from(usageMinutes)
      .where(within(usageMinutes, query));
    // Without a group SQLite answers one row even for nothing: then its sums are null.
    const found = await rows
      .groupBy(...by)
      .having(sql`count(*) > 0`)
      .orderBy(...by.map((each) => asc(each)))
      .limit(limit);
    return found;
  }

  async sumOutcomes(query: UsageQuery): Promise<readonly OutcomeSum[]> {
    const { groupBy, limit } = query;
    const begin = beginOf(outcomeMinutes.minute, groupBy);
    const groups = {
      ...(begin === null ? {} : { minute: begin }),
      ...(groupBy.includes("key") ? { keyId: outcomeMinutes.keyId } : {}),
      outcome: outcomeMinutes.outcome,
    };
    const by = Object.values(groups);
    return await this.#database
      .select({ ...groups, count: total(outcomeMinutes.count) })
      .from(outcomeMinutes)
      .where(within(outcomeMinutes, query))
      .groupBy(...by)
      .orderBy(...by.map((each) => asc(each)))
      .limit(limit);
  }
}
