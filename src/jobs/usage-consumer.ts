// Consumes the usage queue: counted batches into the minute rollups. Law: a message that can't be read goes to the dead letters;
// any other failure is retried, since a batch is added once however often it comes.
import { usageBatchSchema } from "../access/usage-batch-schema.ts";
import type { UsageBatch } from "../access/usage.ts";
import { errorMessage } from "../lib/error-message.ts";
import type { AppServices } from "../middleware/app-services.ts";
import { keepDeadLetter } from "./dead-letters.ts";
import type { QueueBatch, QueueMessage } from "./queue-message.ts";

const RETRY_SECONDS = 10;

export async function consumeUsage(
  services: Pick<AppServices, "usage" | "objects" | "logger" | "clock">,
  batch: QueueBatch,
): Promise<void> {
  const readable: { readonly message: QueueMessage; readonly counted: UsageBatch }[] = [];
  for (const message of batch.messages) {
    const parsed = usageBatchSchema.safeParse(message.body);
    if (parsed.success) readable.push({ message, counted: parsed.data });
    else {
      await keepDeadLetter(services, batch.queue, message);
      message.ack();
    }
  }
  try {
    await services.usage.add(readable.map(({ counted }) => counted));
    for (const { message } of readable) message.ack();
  } catch (caught) {
    services.logger.error("usage_batch_failed", { messages: readable.length, reason: errorMessage(caught) });
    for (const { message } of readable) message.retry({ delaySeconds: RETRY_SECONDS });
  }
}
