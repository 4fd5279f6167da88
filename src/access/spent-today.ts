// What a key has spent today, known without waiting: the last sums read from the store, and what this isolate has counted
// that they don't hold yet. Law: sums older than 30 s are never used; from 15 s on they are read anew in the background.
import type { Background } from "../lib/background.ts";
import type { Clock } from "../lib/clock.ts";
import { ExpiringCache } from "../lib/expiring-cache.ts";
import { dayOf } from "../lib/utc-day.ts";
import type { IsolateUsageMeter } from "./isolate-usage-meter.ts";
import { addSpent, type Spent, type UsageOwner } from "./usage.ts";
import type { UsageStore } from "./usage-store.ts";

const USABLE_MILLISECONDS = 30_000;
const FRESH_MILLISECONDS = 15_000;
/** A reading that was cut off with its invocation is not waited for longer than this. */
const LOST_READING_MILLISECONDS = 10_000;
const MOST_KEYS = 10_000;

interface Sums {
  readonly day: number;
  readonly stored: Spent;
  readonly readAt: number;
  readingSince: number | null;
}

export interface SpentTodayDependencies {
  readonly store: Pick<UsageStore, "spentOnDay">;
  readonly meter: Pick<IsolateUsageMeter, "unstored" | "batchesUnderWay" | "markStored">;
  readonly background: Background;
  readonly clock: Clock;
}

export class SpentToday {
  readonly #dependencies: SpentTodayDependencies;
  readonly #sums: ExpiringCache<Sums>;

  constructor(dependencies: SpentTodayDependencies) {
    this.#dependencies = dependencies;
    this.#sums = new ExpiringCache(MOST_KEYS, dependencies.clock);
  }

  /** It throws when the store has to be asked and fails. */
  async of(owner: UsageOwner): Promise<Spent> {
    const { clock, meter } = this.#dependencies;
    const now = clock();
    const day = dayOf(now);
    const known = this.#sums.get(owner.keyId);
    if (known !== undefined && known.day === day) this.#refreshOld(owner, known, now);
    const sums = known?.day === day ? known : await this.#read(owner, day);
    return addSpent(sums.stored, meter.unstored(owner.keyId, day));
  }

  #refreshOld(owner: UsageOwner, sums: Sums, now: number): void {
    const isBeingRead = sums.readingSince !== null && now - sums.readingSince < LOST_READING_MILLISECONDS;
    if (now - sums.readAt < FRESH_MILLISECONDS || isBeingRead) return;
    sums.readingSince = now;
    this.#dependencies.background(async () => {
      await this.#read(owner, sums.day);
    });
  }

  /**
   * The store says in the same reading which of this isolate's batches its sums hold: those stop counting as unstored,
   * so nothing is counted twice and nothing is missed, however long the queue takes and however old the replica is.
   */
  async #read(owner: UsageOwner, day: number): Promise<Sums> {
    const { store, meter, clock } = this.#dependencies;
    const { spent, storedBatches } = await store.spentOnDay(owner, day, meter.batchesUnderWay());
    const sums: Sums = { day, stored: spent, readAt: clock(), readingSince: null };
    meter.markStored(owner.keyId, day, storedBatches);
    this.#sums.set(owner.keyId, sums, USABLE_MILLISECONDS);
    return sums;
  }
}
