// The analysis queue on Cloudflare Queues.
import type { AnalysisQueue, AnalysisRequest } from "../../mistake/analysis-queue.ts";
import { batchesOf } from "./batches-of.ts";

export class QueueAnalysisQueue implements AnalysisQueue {
  readonly #queue: Queue;

  constructor(queue: Queue) {
    this.#queue = queue;
  }

  async enqueue(requests: readonly AnalysisRequest[]): Promise<void> {
    for (const batch of batchesOf(requests, (request) => request)) {
      await this.#queue.sendBatch(batch.map((body) => ({ body, contentType: "json" })));
    }
  }
}
