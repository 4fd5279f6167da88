// Fires the Worker's cron triggers, which nothing else does locally: wrangler answers `/cdn-cgi/local/scheduled?cron=…`.
// Law: one tick at a time, however long it takes; a failing tick is told when it begins to fail and when it works again.
import { setTimeout as sleep } from "node:timers/promises";
import { sentenceOf } from "../start-problem.ts";

const TICK_WITHIN_MS = 10 * 60 * 1000;

export interface CronDriver {
  readonly crons: readonly string[];
  /** the Worker's address, without a slash at the end */
  readonly address: string;
  readonly periodMilliseconds: number;
  readonly signal: AbortSignal;
  readonly log: (line: string) => void;
}

/**
 * Every trigger fires each period. That is right for the one that Setback has, `* * * * *`, a tick that asks what is due; a trigger
 * with a calendar of its own would need one here too.
 */
export async function driveCrons(driver: CronDriver): Promise<void> {
  let failing = false;
  while (!driver.signal.aborted) {
    const problem = await tick(driver);
    if (!isAborted(driver.signal) && (problem !== null) !== failing) {
      failing = problem !== null;
      driver.log(problem === null ? "The schedule works again." : `The schedule could not be fired: ${problem}`);
    }
    await sleep(driver.periodMilliseconds, undefined, { signal: driver.signal }).catch(() => undefined);
  }
}

async function tick({ crons, address, signal }: CronDriver): Promise<string | null> {
  for (const cron of crons) {
    try {
      const url = `${address}/cdn-cgi/local/scheduled?cron=${encodeURIComponent(cron)}`;
      const response = await fetch(url, { signal: AbortSignal.any([signal, AbortSignal.timeout(TICK_WITHIN_MS)]) });
      await response.body?.cancel();
      if (!response.ok) return `${cron} gave status ${response.status}.`;
    } catch (cause) {
      return sentenceOf(cause);
    }
  }
  return null;
}

/** A function, since the compiler takes the loop's own check for still true after an await. */
function isAborted(signal: AbortSignal): boolean {
  return signal.aborted;
}
