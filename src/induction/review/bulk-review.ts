// POST /v1/reviews/bulk, the use case: one decision on every mistake of a filter. Law: a dry run counts and changes nothing; a real
// run names what it saw, decides on at most BATCH mistakes, and tells what is left for the next call.
import type { Clock } from "../../lib/clock.ts";
import type { MakeId } from "../../lib/ids.ts";
import { err, ok, type Result } from "../../lib/result.ts";
import type { ReviewFilter } from "../../mistake/review-queue.ts";
import { neededVoices } from "../../mistake/review-rules.ts";
import type { BulkSelection, ReviewStore } from "../../mistake/review-store.ts";
import { plainReview, type Voice } from "../../mistake/review.ts";
import { redactedText } from "../../mistake/redaction.ts";
import type { ReviewPolicy } from "../../policy/review-policy.ts";
import { conflict, invalidRequest, type Problem } from "../../problem.ts";
import { NAMELESS } from "./decide-review.ts";

/** Decided on in one transaction. */
export const BATCH = 500;
/** Of one filter: counting them stays within a second. */
export const MOST_SELECTED = 100_000;

export interface BulkOrder {
  readonly projectId: string;
  readonly voice: Voice;
  readonly state: "captured" | "analysed";
  readonly filter: ReviewFilter;
  readonly decision: "confirm" | "dismiss";
  readonly comment: string | null;
  /** null: a dry run */
  readonly seen: { readonly count: number; readonly until: string } | null;
}

export interface Bulk {
  readonly bulkId: string | null;
  readonly selected: number;
  readonly decided: number;
  readonly remaining: number;
  readonly until: string;
}

export interface BulkDependencies {
  readonly reviews: Pick<ReviewStore, "countSelected" | "listSelected" | "decide">;
  readonly clock: Clock;
  readonly makeId: MakeId;
}

export async function bulkReview(
  dependencies: BulkDependencies,
  order: BulkOrder,
  policy: ReviewPolicy,
): Promise<Result<Bulk, Problem>> {
  const { reviews, clock, makeId } = dependencies;
  const { projectId, voice, state, filter, decision, seen } = order;
  const { voices } = policy.second;
  const quarantined = filter.quarantine !== undefined;
  if (quarantined && decision !== "dismiss") {
    return err(
      invalidRequest("What is in quarantine is confirmed one by one: a bulk can only dismiss it.", "filter.quarantine"),
    );
  }
  const now = clock();
  // Ids sort by time: what is captured from now on is no part of what was counted.
  const until = seen?.until ?? makeId("mis");
  const selection: BulkSelection = { projectId, state, filter, until, decision, voice, voices, now };
  const selected = await reviews.countSelected(selection, MOST_SELECTED);
  if (selected > MOST_SELECTED) {
    return err(invalidRequest(`The filter selects more than ${MOST_SELECTED} mistakes: narrow it.`, "filter"));
  }
  if (seen === null) return ok({ bulkId: null, selected, decided: 0, remaining: selected, until });
  if (selected !== seen.count) {
    const message = `The filter selects ${selected} mistakes now, not the ${seen.count} that were seen: look again.`;
    return err({ ...conflict(message), code: "count_changed" });
  }
  const found = await reviews.listSelected(selection, BATCH);
  const bulkId = makeId("blk");
  const comment = order.comment === null ? null : redactedText(order.comment);
  const made = found.map((each) => ({
    ...plainReview({
      ...{ id: makeId("rev"), projectId, mistakeId: each.id, decision, comment, keyId: voice.keyId, createdAt: now },
    }),
    ...{ reviewer: voice.reviewer, required: neededVoices(policy, each, [each]), bulkId },
  }));
  if (voices === "reviewers" && voice.reviewer === null && made.some(({ required }) => required > 1)) {
    return err(NAMELESS);
  }
  const entry = {
    ...{
      id: makeId("aud"),
      projectId,
      keyId: voice.keyId,
      event: "mistakes_reviewed_in_bulk" as const,
      subject: bulkId,
    },
    details: {
      ...{ decision, reviewer: voice.reviewer, state, source: filter.source ?? null, kind: filter.kind ?? null },
      ...{
        category: filter.category ?? null,
        cluster: filter.clusterId ?? null,
        key: filter.keyId ?? null,
        quarantine: filter.quarantine ?? null,
        expected_count: String(seen.count),
        until,
      },
    },
    createdAt: now,
  };
  const decided = await reviews.decide({
    reviews: made,
    leaseId: null,
    unattended: true,
    quarantined,
    voices,
    now,
    entry,
  });
  return ok({ bulkId, selected, decided: decided.length, remaining: selected - decided.length, until });
}
