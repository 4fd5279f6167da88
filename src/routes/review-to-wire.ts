// Between reviews as the domain knows them and the wire's.
import type { Queued } from "../mistake/review-queue.ts";
import type { Standing } from "../mistake/review-store.ts";
import type { Review } from "../mistake/review.ts";
import type { QueuedWire, ReviewWire, StandingWire } from "../wire/review.ts";
import { seconds } from "../wire/seconds.ts";

export function reviewToWire(review: Review): ReviewWire {
  return {
    id: review.id,
    object: "review",
    mistake_id: review.mistakeId,
    decision: review.decision,
    comment: review.comment,
    by: review.by,
    key_id: review.keyId,
    reviewer: review.reviewer,
    kind: review.kind,
    categories: review.categories === null ? null : [...review.categories],
    correction: review.correction,
    standing: review.standing,
    bulk_id: review.bulkId,
    created_at: seconds(review.createdAt),
  };
}

export function standingToWire({ state, confirmations, dismissals }: Standing, required: number): StandingWire {
  return { state, confirmations, dismissals, required };
}

/** A place in the queue's order, as the cursor of the page behind it. */
export function queuedToWire(queued: Queued): QueuedWire {
  const { mistakeId, priority, reason, enqueuedAt, lease } = queued;
  return {
    id: `${priority}:${mistakeId}`,
    object: "queued_mistake",
    mistake_id: mistakeId,
    priority,
    reason,
    enqueued_at: seconds(enqueuedAt),
    lease:
      lease === null
        ? null
        : { key_id: lease.holder.keyId, reviewer: lease.holder.reviewer, expires_at: seconds(lease.expiresAt) },
  };
}
