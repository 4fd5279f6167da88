// Consumes the capture queue: batches of captured things into the store. Law: a message that can't be read goes to the dead
// letters at once; any other failure is retried, since storing is idempotent, and is no other message's failure.
import { storeCaptured } from "../induction/store-captured.ts";
import { errorMessage } from "../lib/error-message.ts";
import { capturedSchema } from "../mistake/captured-schema.ts";
import type { Captured } from "../mistake/mistake-store.ts";
import type { AppServices } from "../middleware/app-services.ts";
import { keepDeadLetter } from "./dead-letters.ts";
import type { QueueBatch, QueueMessage } from "./queue-message.ts";

const RETRY_SECONDS = 5;

interface Readable {
  readonly message: QueueMessage;
  readonly captured: Captured;
}

export async function consumeCaptured(services: AppServices, batch: QueueBatch): Promise<void> {
  const readable: Readable[] = [];
  for (const message of batch.messages) {
    const parsed = capturedSchema.safeParse(message.body);
    if (parsed.success) readable.push({ message, captured: parsed.data });
    else {
      await keepDeadLetter(services, batch.queue, message);
      message.ack();
    }
  }
  // Together in one statement; if that fails, each by itself, so that none takes the others with it.
  if (readable.length > 0 && !(await stored(services, readable)) && readable.length > 1) {
    for (const each of readable) await stored(services, [each]);
  }
}

/** Acknowledges what was stored, and has the rest tried again. */
async function stored(services: AppServices, readable: readonly Readable[]): Promise<boolean> {
  try {
    await storeCaptured(
      services.storing,
      readable.map(({ captured }) => captured),
    );
    for (const { message } of readable) message.ack();
    return true;
  } catch (caught) {
    services.logger.error("capture_batch_failed", { messages: readable.length, reason: errorMessage(caught) });
    if (readable.length === 1) for (const { message } of readable) message.retry({ delaySeconds: RETRY_SECONDS });
    return false;
  }
}
