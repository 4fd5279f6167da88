// What the contracts of the review queue and of reviews are run on.
import type { AuditEntry } from "../../src/access/audit.ts";
import type { MistakeStore } from "../../src/mistake/mistake-store.ts";
import type { ReviewQueue } from "../../src/mistake/review-queue.ts";
import type { ReviewStore } from "../../src/mistake/review-store.ts";

export interface ReviewsUnderTest {
  readonly mistakes: MistakeStore;
  readonly queue: ReviewQueue;
  readonly reviews: ReviewStore;
  readonly auditOf: (projectId: string) => Promise<readonly AuditEntry[]>;
}
