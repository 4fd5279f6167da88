// Counted usage on Cloudflare Queues, and beside it, where there is such a dataset, on Analytics Engine.
import type { UsageQueue } from "../../access/usage-queue.ts";
import type { UsageBatch } from "../../access/usage.ts";

export class QueueUsageQueue implements UsageQueue {
  readonly #queue: Queue;
  readonly #dataset: AnalyticsEngineDataset | null;

  constructor(queue: Queue, dataset: AnalyticsEngineDataset | null) {
    this.#queue = queue;
    this.#dataset = dataset;
  }

  async send(batch: UsageBatch): Promise<void> {
    await this.#queue.send(batch, { contentType: "json" });
    // An export, and no record: written once the queue has the batch, and nothing depends on it.
    for (const {
      projectId,
      keyId,
      purpose,
      model,
      calls,
      promptTokens,
      completionTokens,
      microDollars,
    } of batch.usage) {
      this.#dataset?.writeDataPoint({
        indexes: [projectId],
        blobs: ["usage", keyId, purpose, model],
        doubles: [calls, promptTokens, completionTokens, microDollars],
      });
    }
    for (const { projectId, keyId, outcome, count } of batch.outcomes) {
      this.#dataset?.writeDataPoint({ indexes: [projectId], blobs: ["outcome", keyId, outcome], doubles: [count] });
    }
  }
}
