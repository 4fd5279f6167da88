// A queue's batch whose messages remember what became of them.
import type { QueueBatch } from "../../src/jobs/queue-message.ts";

export interface Outcome {
  readonly id: string;
  /** "acknowledged", or the delay it is retried after */
  readonly was: "acknowledged" | number;
}

export interface RecordedBatch extends QueueBatch {
  readonly outcomes: readonly Outcome[];
}

export function batchOf(queue: string, bodies: readonly unknown[], attempts = 1): RecordedBatch {
  const outcomes: Outcome[] = [];
  const messages = bodies.map((body, index) => {
    const id = `message-${index}`;
    return {
      id,
      body,
      attempts,
      ack: () => outcomes.push({ id, was: "acknowledged" }),
      retry: (options?: { readonly delaySeconds?: number }) => outcomes.push({ id, was: options?.delaySeconds ?? 0 }),
    };
  });
  return { queue, messages, outcomes };
}
