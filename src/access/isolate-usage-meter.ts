// The usage meter of one isolate: sums in memory, sent through the queue some seconds later. Law: a batch that the queue
// refused is sent again under the same id, since the refusal may have come too late; everything held is bounded.
import type { Background } from "../lib/background.ts";
import type { Clock } from "../lib/clock.ts";
import { errorMessage } from "../lib/error-message.ts";
import type { MakeId } from "../lib/ids.ts";
import type { Logger } from "../lib/logger.ts";
import { MINUTES_A_DAY } from "../lib/utc-day.ts";
import type { CountedTrial, TrialMeter } from "./trial.ts";
import type { PriceOf } from "./price-list.ts";
import {
  addSpent,
  NOTHING_SPENT,
  type CountedOutcome,
  type Spent,
  type Usage,
  type UsageBatch,
  type UsageMinute,
} from "./usage.ts";
import type { UsageMeter } from "./usage-meter.ts";
import type { UsageQueue } from "./usage-queue.ts";
import { spentKey, UsageTally, type Tallied } from "./usage-tally.ts";

const FLUSH_MILLISECONDS = 5_000;
/** An invocation that was cut off takes its flush with it; by then another may try. */
const LOST_FLUSH_MILLISECONDS = 35_000;
/** A row is below 800 bytes, and a queue's message holds 128 KB. */
const ROWS_A_BATCH = 100;
const ROWS_UNTIL_FLUSH = 500;
const MOST_ROWS = 2_000;
/** Batches that wait for another attempt, and batches that D1 may not hold yet. */
const MOST_BATCHES = 100;

export interface IsolateUsageMeterDependencies {
  readonly queue: UsageQueue;
  readonly priceOf: PriceOf;
  /** what is kept of a model's name */
  readonly nameOf: (model: string) => string;
  readonly background: Background;
  readonly clock: Clock;
  readonly makeId: MakeId;
  readonly logger: Logger;
}

export class IsolateUsageMeter implements UsageMeter, TrialMeter {
  readonly #dependencies: IsolateUsageMeterDependencies;
  readonly #tally: UsageTally;
  /** when the flush that is under way was asked for */
  #flushAskedAt: number | null = null;
  #unsent: UsageBatch[] = [];
  /** what was in each batch that has left the tally, until a reader of D1 has seen it there */
  readonly #underWay = new Map<string, Map<string, Spent>>();

  constructor(dependencies: IsolateUsageMeterDependencies) {
    this.#dependencies = dependencies;
    this.#tally = new UsageTally(MOST_ROWS, dependencies.priceOf, dependencies.nameOf);
  }

  record(usage: Usage): void {
    this.#tally.addUsage(usage, this.#dependencies.clock());
    this.#askForFlush();
  }

  count(outcome: CountedOutcome): void {
    this.#tally.addOutcome(outcome, this.#dependencies.clock());
    this.#askForFlush();
  }

  trial(counted: CountedTrial): void {
    this.#tally.addTrial(counted);
    this.#askForFlush();
  }

  /** What this isolate has counted for a key on a day and no reader has seen in D1 yet. */
  unstored(keyId: string, day: number): Spent {
    const key = spentKey(keyId, day);
    let sum = this.#tally.spentBy(keyId, day);
    for (const spent of this.#underWay.values()) {
      const part = spent.get(key);
      if (part !== undefined) sum = addSpent(sum, part);
    }
    return sum;
  }

  /** The batches that `unstored` still counts. */
  batchesUnderWay(): readonly string[] {
    return [...this.#underWay.keys()];
  }

  /** For this key, these batches are in what D1 says: they no longer count as unstored. */
  markStored(keyId: string, day: number, batchIds: readonly string[]): void {
    for (const id of batchIds) {
      const spent = this.#underWay.get(id);
      spent?.delete(spentKey(keyId, day));
      if (spent?.size === 0) this.#underWay.delete(id);
    }
  }

  /** Sends what was counted. It never throws; what is refused waits for the next flush. */
  async flush(): Promise<void> {
    const { queue, logger } = this.#dependencies;
    this.#flushAskedAt = null;
    const tallied = this.#tally.take();
    if (tallied.dropped > 0) logger.error("usage_dropped", { records: tallied.dropped });
    const batches = [...this.#unsent, ...this.#batchesOf(tallied)];
    this.#unsent = [];
    for (const batch of batches) {
      try {
        await queue.send(batch);
      } catch (caught) {
        logger.error("usage_not_sent", { batch: batch.id, reason: errorMessage(caught) });
        this.#unsent.push(batch);
      }
    }
    const lost = this.#unsent.splice(0, Math.max(0, this.#unsent.length - MOST_BATCHES));
    if (lost.length > 0) logger.error("usage_dropped", { batches: lost.length });
  }

  #askForFlush(): void {
    const { background, clock } = this.#dependencies;
    const now = clock();
    const asked = this.#flushAskedAt !== null && now - this.#flushAskedAt < LOST_FLUSH_MILLISECONDS;
    const isFull = this.#tally.rows === ROWS_UNTIL_FLUSH;
    if (asked && !isFull) return;
    this.#flushAskedAt = now;
    background(
      async () => {
        await this.flush();
      },
      isFull ? 0 : FLUSH_MILLISECONDS,
    );
  }

  #batchesOf({ usage, outcomes, trials }: Tallied): readonly UsageBatch[] {
    const batches: UsageBatch[] = [];
    for (let start = 0; start < usage.length; start += ROWS_A_BATCH) {
      batches.push(this.#batch({ usage: usage.slice(start, start + ROWS_A_BATCH), outcomes: [] }));
    }
    for (let start = 0; start < outcomes.length; start += ROWS_A_BATCH) {
      batches.push(this.#batch({ usage: [], outcomes: outcomes.slice(start, start + ROWS_A_BATCH) }));
    }
    for (let start = 0; start < trials.length; start += ROWS_A_BATCH) {
      batches.push(this.#batch({ usage: [], outcomes: [], trials: trials.slice(start, start + ROWS_A_BATCH) }));
    }
    return batches;
  }

  #batch(rows: Omit<UsageBatch, "id">): UsageBatch {
    const id = this.#dependencies.makeId("use");
    if (rows.usage.length > 0) {
      const oldest = this.#underWay.keys().next();
      if (this.#underWay.size >= MOST_BATCHES && oldest.done !== true) this.#underWay.delete(oldest.value);
      this.#underWay.set(id, spentIn(rows.usage));
    }
    return { id, ...rows };
  }
}

function spentIn(usage: readonly UsageMinute[]): Map<string, Spent> {
  const spent = new Map<string, Spent>();
  for (const { keyId, minute, promptTokens, completionTokens, microDollars } of usage) {
    const key = spentKey(keyId, Math.floor(minute / MINUTES_A_DAY));
    const part = { tokens: promptTokens + completionTokens, microDollars };
    spent.set(key, addSpent(spent.get(key) ?? NOTHING_SPENT, part));
  }
  return spent;
}
