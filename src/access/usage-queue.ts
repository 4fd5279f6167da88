// Port: the way of counted usage out of an isolate, to the consumer that adds it up.
import type { UsageBatch } from "./usage.ts";

export interface UsageQueue {
  send(batch: UsageBatch): Promise<void>;
}
