// Puts what was stored into the review queue, as each project's policy says. Law: one statement a batch, whatever it holds; a policy
// that can't be read stops nobody's mistake from being stored: then the gateway's own rules hold.
import type { RequestPolicyDependencies } from "../../generation/request-policy.ts";
import type { Captured } from "../../mistake/mistake-store.ts";
import type { ReviewQueue } from "../../mistake/review-queue.ts";
import { queueEntryOf } from "../../mistake/review-rules.ts";
import type { ReviewPolicy } from "../../policy/review-policy.ts";
import { projectPolicy } from "./project-review-policy.ts";

export interface QueueForReviewDependencies extends RequestPolicyDependencies {
  readonly reviewQueue: Pick<ReviewQueue, "enqueue">;
}

export type QueueForReview = (captured: readonly Captured[]) => Promise<void>;

export function createQueueForReview(dependencies: QueueForReviewDependencies): QueueForReview {
  return async (captured) => {
    const mistakes = captured.flatMap((item) => (item.type === "mistake" ? [item.mistake] : []));
    const policies = new Map<string, ReviewPolicy>();
    for (const projectId of new Set(mistakes.map((mistake) => mistake.projectId))) {
      const read = await projectPolicy(dependencies, projectId);
      policies.set(projectId, (read.ok ? read.value : dependencies.completion).policy.review);
    }
    const entries = mistakes.flatMap((mistake) => {
      const policy = policies.get(mistake.projectId);
      const entry = policy === undefined ? null : queueEntryOf(policy, mistake);
      return entry === null ? [] : [entry];
    });
    if (entries.length > 0) await dependencies.reviewQueue.enqueue(entries);
  };
}
