// What cron does: asks what is due. Law: one task's failure never keeps another from running.
import { scheduleReleases } from "../finetuning/schedule-releases.ts";
import { replaySpool } from "../induction/replay-spool.ts";
import { errorMessage } from "../lib/error-message.ts";
import type { AppServices } from "../middleware/app-services.ts";

export async function tick(services: AppServices): Promise<void> {
  const { logger, objects, storing, mistakes, keys, releaseRequests, releaseIntervalMilliseconds } = services;
  const tasks: Readonly<Record<string, () => Promise<number>>> = {
    replay_spool: async () => await replaySpool({ ...storing, objects, logger }),
    schedule_releases: async () =>
      await scheduleReleases(
        { ...releaseRequests, mistakes, intervalMilliseconds: releaseIntervalMilliseconds },
        await keys.listProjects(),
      ),
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
