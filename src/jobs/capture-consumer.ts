// Consumes the capture queue: batches of captured things into the store. Law: a message that can't be read goes to the dead
// letters at once; any other failure is retried, since storing is idempotent, and is no other message's failure.
import { spillLarge, triedToSpill } from "../induction/spill-captured.ts";
import { storeCaptured } from "../induction/store-captured.ts";
import { errorMessage } from "../lib/error-message.ts";
import { inHalves } from "../lib/in-halves.ts";
import { capturedHead } from "../mistake/captured-head.ts";
import { capturedSchema } from "../mistake/captured-schema.ts";
import { untilFull } from "../mistake/database-full.ts";
import type { Captured } from "../mistake/mistake-store.ts";
import type { AppServices } from "../middleware/app-services.ts";
import { keepUnreadable } from "./dead-letters.ts";
import { retryLater, type QueueBatch, type QueueMessage } from "./queue-message.ts";

/** For a batch; a consumer may run for 15 minutes, but those behind it wait (developers.cloudflare.com/queues/platform/limits). */
const MOST_MILLISECONDS = 30_000;

interface Readable {
  readonly message: QueueMessage;
  readonly captured: Captured;
}

type Consuming = Pick<AppServices, "clock" | "logger" | "storing" | "objects">;

export async function consumeCaptured(services: Consuming, batch: QueueBatch): Promise<void> {
  const readable: Readable[] = [];
  for (const message of batch.messages) {
    const parsed = capturedSchema.safeParse(message.body);
    if (parsed.success) readable.push({ message, captured: parsed.data });
    else await keepUnreadable(services, batch.queue, message);
  }
  const { clock, logger, storing } = services;
  const store = async (part: readonly Readable[]): Promise<void> => {
    await storeCaptured(
      storing,
      await Promise.all(part.map(async ({ captured }) => await spilled(services, captured))),
    );
    // At once: a consumer that dies later has these behind it.
    for (const { message } of part) message.ack();
  };
  const { failed, untried } = await inHalves(readable, untilFull(store), { clock, milliseconds: MOST_MILLISECONDS });
  const again = [...failed.map(({ item }) => item), ...untried];
  if (again.length === 0) return;
  logger.error("capture_batch_failed", {
    messages: again.length,
    of: readable.length,
    reason: failed[0]?.reason ?? "there was no time left",
  });
  for (const { message } of again) retryLater(message);
}

/**
 * What came whole for the object store's sake gets its object now: it may even have one, of which only the answer was lost, and
 * which a row without its key would leave behind.
 */
async function spilled({ objects, logger }: Consuming, captured: Captured): Promise<Captured> {
  try {
    return await spillLarge(objects, captured);
  } catch (caught) {
    logger.error("capture_spill_failed", { id: capturedHead(captured).id, reason: errorMessage(caught) });
    return triedToSpill(captured);
  }
}
