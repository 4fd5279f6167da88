// What the consumers need of a queue's batch: the shape that Cloudflare Queues hand over, and nothing of its types.

export interface QueueMessage {
  readonly id: string;
  readonly body: unknown;
  readonly attempts: number;
  ack(): void;
  retry(options?: { readonly delaySeconds?: number }): void;
}

export interface QueueBatch {
  readonly queue: string;
  readonly messages: readonly QueueMessage[];
}

const FIRST_RETRY_SECONDS = 5;

/** Each attempt waits twice as long, so that a queue's few attempts outlast more than a short outage. */
export function retryLater(message: Pick<QueueMessage, "attempts" | "retry">, mostSeconds = 300): void {
  message.retry({ delaySeconds: Math.min(FIRST_RETRY_SECONDS * 2 ** (message.attempts - 1), mostSeconds) });
}
