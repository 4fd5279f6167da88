// POST /v1/reviews/claim, the use case: a lease on what one reviewer looks at next, and all they need to decide on it.
import type { Clock } from "../../lib/clock.ts";
import type { MakeId } from "../../lib/ids.ts";
import type { MistakeStore, MistakeWithAnalyses } from "../../mistake/mistake-store.ts";
import type { Claim, Lease, Queued, ReviewQueue } from "../../mistake/review-queue.ts";
import { neededVoices } from "../../mistake/review-rules.ts";
import type { ReviewStore, Standing } from "../../mistake/review-store.ts";
import type { Voice } from "../../mistake/review.ts";
import type { Policy } from "../../policy/policy.ts";

export interface ClaimDependencies {
  readonly mistakes: Pick<MistakeStore, "get">;
  readonly reviewQueue: Pick<ReviewQueue, "claim">;
  readonly reviews: Pick<ReviewStore, "standingOf" | "listReviews">;
  readonly clock: Clock;
  readonly makeId: MakeId;
}

export interface ClaimOrder {
  readonly projectId: string;
  readonly voice: Voice;
  readonly limit: number;
  readonly filter: Claim["filter"];
  /** how long the lease lasts */
  readonly milliseconds: number;
}

export interface Claimed {
  readonly queued: Queued;
  readonly found: MistakeWithAnalyses;
  readonly standing: Standing;
  readonly required: number;
}

export async function claimMistakes(
  { mistakes, reviewQueue, reviews, clock, makeId }: ClaimDependencies,
  { projectId, voice, limit, filter, milliseconds }: ClaimOrder,
  { review }: Policy,
): Promise<{ readonly lease: Lease; readonly mistakes: readonly Claimed[] }> {
  const now = clock();
  const { voices } = review.second;
  const lease = { id: makeId("lea"), holder: voice, expiresAt: now + milliseconds };
  const claimed = await reviewQueue.claim({ projectId, lease, limit, filter, voices, now });
  const ids = claimed.map(({ mistakeId }) => mistakeId);
  const standings = await reviews.standingOf(projectId, ids, voices);
  const whole = await Promise.all(
    claimed.map(async (queued): Promise<readonly Claimed[]> => {
      const found = await mistakes.get(projectId, queued.mistakeId);
      const standing = standings.find(({ mistakeId }) => mistakeId === queued.mistakeId);
      // Deleted between the claim and now.
      if (found === null || standing === undefined) return [];
      const isNew = standing.confirmations + standing.dismissals === 0 && queued.reason !== "second_reviewer";
      const earlier = isNew ? [] : await reviews.listReviews(projectId, queued.mistakeId);
      return [{ queued, found, standing, required: neededVoices(review, found.mistake, earlier) }];
    }),
  );
  return { lease, mistakes: whole.flat() };
}
