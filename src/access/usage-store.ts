// Port: where rollups of usage are kept, and each key's sums of a day. Law: a batch is added once, however often it comes.
import type { Spent, UsageBatch, UsageOwner } from "./usage.ts";

/** Read at one moment: what was spent, and which of the batches asked about are part of it. */
export interface SpentOnDay {
  readonly spent: Spent;
  readonly storedBatches: readonly string[];
}

export interface UsageStore {
  add(batches: readonly UsageBatch[]): Promise<void>;
  spentOnDay(owner: UsageOwner, day: number, batchIds: readonly string[]): Promise<SpentOnDay>;
  /** Forgets batch ids made before one moment (milliseconds), and rollups before one minute; how many rows went. */
  prune(batchesMadeBefore: number, beforeMinute: number): Promise<number>;
}
