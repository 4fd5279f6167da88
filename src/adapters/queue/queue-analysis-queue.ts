// The analysis queue on Cloudflare Queues.
import type { AnalysisQueue, AnalysisRequest } from "../../mistake/analysis-queue.ts";

/** Queues take 100 messages a batch. */
const BATCH_SIZE = 100;

export class QueueAnalysisQueue implements AnalysisQueue {
  readonly #queue: Queue;

  constructor(queue: Queue) {
    this.#queue = queue;
  }

  async enqueue(requests: readonly AnalysisRequest[]): Promise<void> {
    for (let start = 0; start < requests.length; start += BATCH_SIZE) {
      const batch = requests.slice(start, start + BATCH_SIZE);
      await this.#queue.sendBatch(batch.map((body) => ({ body, contentType: "json" })));
    }
  }
}
