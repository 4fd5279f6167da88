// Asks for the analyses that are worth making alone. Law: none is bought for what waits in quarantine, nor for a recurrence of what is
// analysed; a mistake that a person confirms is asked for then.
import type { AnalysisQueue, AnalysisRequest } from "../mistake/analysis-queue.ts";
import type { ClusterStore } from "../mistake/cluster-store.ts";

export class OpenAnalyses implements AnalysisQueue {
  readonly #queue: AnalysisQueue;
  readonly #clusters: Pick<ClusterStore, "analysable">;

  constructor(queue: AnalysisQueue, clusters: Pick<ClusterStore, "analysable">) {
    this.#queue = queue;
    this.#clusters = clusters;
  }

  async enqueue(requests: readonly AnalysisRequest[]): Promise<void> {
    if (requests.length === 0) return;
    const open = await this.#clusters.analysable(requests);
    if (open.length > 0) await this.#queue.enqueue(open);
  }
}
