// Keeps messages that could not be processed as objects, where /health counts them. Law: acknowledged only once kept.
import { ObjectCaptureSink } from "../induction/object-capture-sink.ts";
import { DEAD_LETTER_PREFIX } from "../induction/replay-spool.ts";
import { capturedSchema } from "../mistake/captured-schema.ts";
import type { AppServices } from "../middleware/app-services.ts";
import type { QueueBatch, QueueMessage } from "./queue-message.ts";

type Keeping = Pick<AppServices, "objects" | "logger" | "clock">;

export async function keepDeadLetter(
  { objects, logger, clock }: Keeping,
  queue: string,
  message: Pick<QueueMessage, "id" | "body" | "attempts">,
): Promise<void> {
  const letter = { queue, attempts: message.attempts, died_at: clock(), body: message.body };
  await objects.put(`${DEAD_LETTER_PREFIX}${queue}/${message.id}.json`, JSON.stringify(letter), "application/json");
  logger.error("dead_letter_kept", { queue, message: message.id, attempts: message.attempts });
}

/** What was captured goes to the spool instead, since it died of a database that was away: cron brings it back. */
export async function consumeDeadLetters(services: Keeping, batch: QueueBatch): Promise<void> {
  const spool = new ObjectCaptureSink(services.objects);
  for (const message of batch.messages) {
    const captured = capturedSchema.safeParse(message.body);
    if (captured.success) await spool.accept(captured.data);
    else await keepDeadLetter(services, batch.queue, message);
    message.ack();
  }
}
