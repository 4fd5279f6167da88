// Background work on Workers: `waitUntil` of the invocation that asks for it, which ends 30 s after the reply
// (developers.cloudflare.com/workers/runtime-apis/context/#waituntil), so delays are a few seconds at most.
import { waitUntil } from "cloudflare:workers";
import type { Background } from "../../lib/background.ts";
import { errorMessage } from "../../lib/error-message.ts";
import type { Logger } from "../../lib/logger.ts";

async function run(work: () => Promise<void>, delayMilliseconds: number, logger: Logger): Promise<void> {
  try {
    if (delayMilliseconds > 0) await scheduler.wait(delayMilliseconds);
    await work();
  } catch (caught) {
    logger.error("background_failed", { reason: errorMessage(caught) });
  }
}

export function waitUntilBackground(logger: Logger): Background {
  return (work, delayMilliseconds = 0) => {
    waitUntil(run(work, delayMilliseconds, logger));
  };
}
