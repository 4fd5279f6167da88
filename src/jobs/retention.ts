// Deletes what policies do not keep any longer. Law: bounded, and safe to repeat — objects go before the rows that name them, so
// that what could not be deleted is found again.
import type { Clock } from "../lib/clock.ts";
import type { ObjectStore } from "../lib/object-store.ts";
import { DAY_MILLISECONDS, minuteOf } from "../lib/utc-day.ts";
import type { FeedbackStore } from "../mistake/feedback-store.ts";
import type { RetentionStore } from "../mistake/retention-store.ts";
import { eraseStoredTexts } from "../mistake/stored-texts.ts";
import { retentionTerms, type RetentionTermsDependencies } from "./retention-terms.ts";

export interface RetentionDependencies extends RetentionTermsDependencies {
  readonly retention: RetentionStore;
  readonly feedback: Pick<FeedbackStore, "deleteExpiredFeedback">;
  readonly objects: Pick<ObjectStore, "delete" | "get" | "replace">;
  readonly clock: Clock;
}

const EVERY_MINUTES = 10;
/** A run: projects, and keys with a policy of their own; the next run goes on with the next ones. */
const MOST_TERMS = 20;
const BATCH = 200;
/** A run: each may be an object, and a Worker's invocation has 1,000 queries of D1 and 10,000 subrequests. */
const MOST_DELETED = 2_000;

/** Every ten minutes; how many were deleted. */
export async function deleteExpired(dependencies: RetentionDependencies): Promise<number> {
  const { retention, feedback, objects, clock } = dependencies;
  const minute = minuteOf(clock());
  if (minute % EVERY_MINUTES !== 0) return 0;
  const { terms } = await retentionTerms(dependencies);
  if (terms.length === 0) return 0;
  const first = ((minute / EVERY_MINUTES) * MOST_TERMS) % terms.length;
  const turn = [...terms.slice(first), ...terms.slice(0, first)].slice(0, MOST_TERMS);
  // Each gets its share: what comes faster than it ends keeps nobody else's from ending.
  const most = Math.max(BATCH, Math.floor(MOST_DELETED / turn.length));
  let all = 0;
  for (const { projectId, whose, days } of turn) {
    let deleted = 0;
    const before = clock() - days * DAY_MILLISECONDS;
    for (let isMore = true; isMore && deleted < most;) {
      const expired = await retention.listExpired(projectId, before, BATCH, whose);
      isMore = expired.length === BATCH;
      if (expired.length === 0) break;
      await eraseStoredTexts(
        objects,
        expired.flatMap(({ objectKey }) => objectKey ?? []),
      );
      await retention.deleteExpired(projectId, expired);
      deleted += expired.length;
    }
    // What a voice says is the project's, whatever key it came by.
    if ("notOf" in whose && deleted < most) {
      deleted += await feedback.deleteExpiredFeedback(projectId, before, most - deleted);
    }
    all += deleted;
  }
  return all;
}
