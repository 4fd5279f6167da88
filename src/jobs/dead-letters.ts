// Keeps messages that could not be processed as objects, where /health counts them. Law: acknowledged only once kept; what could
// not be kept comes again for days.
import { DEAD_LETTER_PREFIX, type DeadLetter } from "../induction/dead-letter.ts";
import { ObjectCaptureSink } from "../induction/object-capture-sink.ts";
import { errorMessage } from "../lib/error-message.ts";
import { capturedSchema } from "../mistake/captured-schema.ts";
import type { AppServices } from "../middleware/app-services.ts";
import { retryLater, type QueueBatch, type QueueMessage } from "./queue-message.ts";

type Keeping = Pick<AppServices, "objects" | "logger" | "clock">;

/** A hundred attempts (wrangler.toml) an hour apart: as long as the queue keeps the message, four days. */
const MOST_RETRY_SECONDS = 3_600;

export async function keepDeadLetter(
  { objects, logger, clock }: Keeping,
  queue: string,
  message: Pick<QueueMessage, "id" | "body" | "attempts">,
): Promise<void> {
  const letter: DeadLetter = { queue, attempts: message.attempts, died_at: clock(), body: message.body };
  await objects.put(`${DEAD_LETTER_PREFIX}${queue}/${message.id}.json`, JSON.stringify(letter), "application/json");
  logger.error("dead_letter_kept", { queue, message: message.id, attempts: message.attempts });
}

/** At once: another attempt would find it as unreadable. */
export async function keepUnreadable(services: Keeping, queue: string, message: QueueMessage): Promise<void> {
  try {
    await keepDeadLetter(services, queue, message);
    message.ack();
  } catch (caught) {
    services.logger.error("dead_letter_refused", { queue, message: message.id, reason: errorMessage(caught) });
    retryLater(message);
  }
}

/** What was captured goes to the spool instead, since it died of a database that was away: cron brings it back. */
export async function consumeDeadLetters(services: Keeping, batch: QueueBatch): Promise<void> {
  const spool = new ObjectCaptureSink(services.objects);
  for (const message of batch.messages) {
    const captured = capturedSchema.safeParse(message.body);
    try {
      if (captured.success) await spool.accept(captured.data);
      else await keepDeadLetter(services, batch.queue, message);
      message.ack();
    } catch (caught) {
      const reason = errorMessage(caught);
      services.logger.error("dead_letter_refused", { queue: batch.queue, message: message.id, reason });
      retryLater(message, MOST_RETRY_SECONDS);
    }
  }
}
