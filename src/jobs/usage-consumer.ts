// Consumes the usage queue: counted batches into the minute rollups. Law: a message that can't be read goes to the dead letters;
// any other failure is retried, since a batch is added once however often it comes.
import { usageBatchSchema } from "../access/usage-batch-schema.ts";
import type { UsageBatch } from "../access/usage.ts";
import { errorMessage } from "../lib/error-message.ts";
import type { AppServices } from "../middleware/app-services.ts";
import { keepUnreadable } from "./dead-letters.ts";
import { retryLater, type QueueBatch, type QueueMessage } from "./queue-message.ts";

export async function consumeUsage(
  services: Pick<AppServices, "usage" | "objects" | "logger" | "clock">,
  batch: QueueBatch,
): Promise<void> {
  const readable: { readonly message: QueueMessage; readonly counted: UsageBatch }[] = [];
  for (const message of batch.messages) {
    const parsed = usageBatchSchema.safeParse(message.body);
    if (parsed.success) readable.push({ message, counted: parsed.data });
    else await keepUnreadable(services, batch.queue, message);
  }
  try {
    await services.usage.add(readable.map(({ counted }) => counted));
    for (const { message } of readable) message.ack();
  } catch (caught) {
    services.logger.error("usage_batch_failed", { messages: readable.length, reason: errorMessage(caught) });
    for (const { message } of readable) retryLater(message);
  }
}
