// Consumes the capture queue: batches of captured things into the store. Law: a message that can't be read goes to the dead
// letters at once; any other failure is retried whole, since storing is idempotent.
import { storeCaptured } from "../induction/store-captured.ts";
import { errorMessage } from "../lib/error-message.ts";
import { capturedSchema } from "../mistake/captured-schema.ts";
import type { Captured } from "../mistake/mistake-store.ts";
import type { AppServices } from "../middleware/app-services.ts";
import { keepDeadLetter } from "./dead-letters.ts";
import type { QueueBatch } from "./queue-message.ts";

export async function consumeCaptured(services: AppServices, batch: QueueBatch): Promise<void> {
  const captured: Captured[] = [];
  for (const message of batch.messages) {
    const parsed = capturedSchema.safeParse(message.body);
    if (parsed.success) captured.push(parsed.data);
    else {
      await keepDeadLetter(services, batch.queue, message);
      message.ack();
    }
  }
  if (captured.length === 0) return;
  try {
    await storeCaptured(services.storing, captured);
    batch.ackAll();
  } catch (caught) {
    services.logger.error("capture_batch_failed", { messages: captured.length, reason: errorMessage(caught) });
    batch.retryAll({ delaySeconds: 5 });
  }
}
