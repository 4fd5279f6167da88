// Usage rollups and their reports in memory. Law: held to the same contract as D1 (test/contract/usage-store.ts).
import type { OutcomeSum, UsageGroup, UsageQuery, UsageReports, UsageSum } from "../../src/access/usage-reports.ts";
import type { SpentOnDay, UsageStore } from "../../src/access/usage-store.ts";
import {
  addSpent,
  NOTHING_SPENT,
  type OutcomeMinute,
  type UsageBatch,
  type UsageMinute,
  type UsageOwner,
} from "../../src/access/usage.ts";
import { idFloor } from "../../src/lib/ids.ts";
import { MINUTES_A_DAY } from "../../src/lib/utc-day.ts";

const SIZES: readonly (readonly [UsageGroup, number])[] = [
  ["minute", 1],
  ["hour", 60],
  ["day", MINUTES_A_DAY],
];

type Row = UsageMinute | OutcomeMinute;

export class InMemoryUsageStore implements UsageStore, UsageReports {
  #batches: UsageBatch[] = [];
  /** while true, every call fails */
  down = false;
  reads = 0;

  async add(batches: readonly UsageBatch[]): Promise<void> {
    await this.#reach();
    for (const batch of batches) {
      if (!this.#batches.some(({ id }) => id === batch.id)) this.#batches.push(batch);
    }
  }

  async spentOnDay({ projectId, keyId }: UsageOwner, day: number, batchIds: readonly string[]): Promise<SpentOnDay> {
    await this.#reach();
    this.reads += 1;
    const rows = this.#batches.flatMap(({ usage }) => usage);
    const mine = rows.filter(
      (row) => row.projectId === projectId && row.keyId === keyId && Math.floor(row.minute / MINUTES_A_DAY) === day,
    );
    const spent = mine.reduce(
      (sum, { promptTokens, completionTokens, microDollars }) =>
        addSpent(sum, { tokens: promptTokens + completionTokens, microDollars }),
      NOTHING_SPENT,
    );
    return { spent, storedBatches: this.#batches.map(({ id }) => id).filter((id) => batchIds.includes(id)) };
  }

  async prune(batchesMadeBefore: number, beforeMinute: number): Promise<number> {
    await this.#reach();
    const kept = (row: Row): boolean => row.minute >= beforeMinute;
    this.#batches = this.#batches.map(({ id, usage, outcomes }) => ({
      id: id < idFloor("use", batchesMadeBefore) ? `forgotten ${id}` : id,
      usage: usage.filter(kept),
      outcomes: outcomes.filter(kept),
    }));
    return 0;
  }

  async sumUsage(query: UsageQuery): Promise<readonly UsageSum[]> {
    await this.#reach();
    const groups = new Map<string, UsageSum>();
    for (const row of this.#batches.flatMap(({ usage }) => usage)) {
      if (!isAsked(row, query)) continue;
      const { promptTokens, completionTokens, calls, microDollars } = row;
      const group = {
        ...groupOf(row, query.groupBy),
        ...(query.groupBy.includes("purpose") ? { purpose: row.purpose } : {}),
        ...(query.groupBy.includes("model") ? { model: row.model } : {}),
      };
      const name = JSON.stringify(group);
      const sum = groups.get(name);
      groups.set(name, {
        ...group,
        calls: (sum?.calls ?? 0) + calls,
        promptTokens: (sum?.promptTokens ?? 0) + promptTokens,
        completionTokens: (sum?.completionTokens ?? 0) + completionTokens,
        microDollars: (sum?.microDollars ?? 0) + microDollars,
      });
    }
    return inOrder(groups).slice(0, query.limit);
  }

  async sumOutcomes(query: UsageQuery): Promise<readonly OutcomeSum[]> {
    await this.#reach();
    const groups = new Map<string, OutcomeSum>();
    for (const row of this.#batches.flatMap(({ outcomes }) => outcomes)) {
      if (!isAsked(row, query)) continue;
      const group = { ...groupOf(row, query.groupBy), outcome: row.outcome };
      const name = JSON.stringify(group);
      groups.set(name, { ...group, count: (groups.get(name)?.count ?? 0) + row.count });
    }
    return inOrder(groups).slice(0, query.limit);
  }

  async #reach(): Promise<void> {
    await Promise.resolve();
    if (this.down) throw new Error("the database is down");
  }
}

function isAsked({ projectId, minute }: Row, query: UsageQuery): boolean {
  return projectId === query.projectId && minute >= query.fromMinute && minute < query.toMinute;
}

function groupOf({ minute, keyId }: Row, groupBy: readonly UsageGroup[]): { minute?: number; keyId?: string } {
  const size = SIZES.find(([group]) => groupBy.includes(group))?.[1];
  return {
    ...(size === undefined ? {} : { minute: Math.floor(minute / size) * size }),
    ...(groupBy.includes("key") ? { keyId } : {}),
  };
}

function inOrder<Sum>(groups: ReadonlyMap<string, Sum>): readonly Sum[] {
  return [...groups.entries()].toSorted(([left], [right]) => (left < right ? -1 : 1)).map(([, sum]) => sum);
}
