// What cron does: asks what is due. Law: one task's failure never keeps another from running.
import type { UsageStore } from "../access/usage-store.ts";
import { resumeAnalyses } from "../analysis/resume-analyses.ts";
import { continueErasures } from "../finetuning/erasure/erase-subject.ts";
import { scheduleReleases } from "../finetuning/schedule-releases.ts";
import { replaySpool } from "../induction/replay-spool.ts";
import { errorMessage } from "../lib/error-message.ts";
import { DAY_MILLISECONDS, minuteOf } from "../lib/utc-day.ts";
import type { AppServices } from "../middleware/app-services.ts";
import { archiveReleased } from "./archive.ts";
import type { ClusterStore } from "../mistake/cluster-store.ts";
import { deleteExpiredExchanges } from "./expired-exchanges.ts";
import { deleteExpiredLetters } from "./expired-letters.ts";
import { deleteExpired } from "./retention.ts";
import { watchCanaries } from "./watch-canaries.ts";

/** A queue keeps a message for at most 14 days (developers.cloudflare.com/queues/platform/limits). */
const BATCH_ID_DAYS = 15;
const USAGE_DAYS = 400;

/** Once an hour. */
async function pruneUsage(usage: UsageStore, now: number): Promise<number> {
  if (minuteOf(now) % 60 !== 0) return 0;
  return await usage.prune(now - BATCH_ID_DAYS * DAY_MILLISECONDS, minuteOf(now - USAGE_DAYS * DAY_MILLISECONDS));
}

const ACCESS_LOG_DAYS = 400;
const MOST_ACCESS_ENTRIES = 5_000;

async function pruneAccessLog({ accessLog, clock }: Pick<AppServices, "accessLog" | "clock">): Promise<number> {
  return await accessLog.pruneEntries(clock() - ACCESS_LOG_DAYS * DAY_MILLISECONDS, MOST_ACCESS_ENTRIES);
}

/** Once an hour. What waited longest in a queue is counted in the period that it was captured in. */
async function pruneCounts(clusters: ClusterStore, now: number): Promise<number> {
  if (minuteOf(now) % 60 !== 0) return 0;
  return await clusters.prune(minuteOf(now - BATCH_ID_DAYS * DAY_MILLISECONDS));
}

export async function tick(services: AppServices): Promise<void> {
  const { logger, objects, storing, mistakes, keys, releaseRequests, releaseIntervalMilliseconds } = services;
  const defaultDays = services.completion.policy.retention_days;
  const tasks: Readonly<Record<string, () => Promise<number>>> = {
    replay_spool: async () => await replaySpool({ ...storing, objects, logger, clock: services.clock }),
    schedule_releases: async () =>
      await scheduleReleases(
        { ...releaseRequests, mistakes, intervalMilliseconds: releaseIntervalMilliseconds },
        await keys.listProjects(),
      ),
    resume_analyses: async () => await resumeAnalyses(services.resuming),
    delete_expired: async () => await deleteExpired({ ...services, defaultDays }),
    delete_expired_letters: async () => await deleteExpiredLetters({ ...services, defaultDays }),
    erasures: async () => await continueErasures(services.erasing),
    prune_access_log: async () => await pruneAccessLog(services),
    prune_counts: async () => await pruneCounts(services.clusters, services.clock()),
    delete_expired_exchanges: async () => await deleteExpiredExchanges(services),
    watch_canaries: async () => await watchCanaries(services),
    archive_released: async () => await archiveReleased({ ...services.archiving, clock: services.clock }),
    prune_usage: async () => await pruneUsage(services.usage, services.clock()),
  };
  for (const [name, run] of Object.entries(tasks)) {
    try {
      const done = await run();
      if (done > 0) logger.info("tick", { task: name, done });
    } catch (caught) {
      logger.error("tick_failed", { task: name, reason: errorMessage(caught) });
    }
  }
}
