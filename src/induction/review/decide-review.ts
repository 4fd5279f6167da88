// One reviewer's decision on one mistake. Law: what a release holds, or somebody else holds a lease on, is refused with 409; every
// text of the reviewer is redacted.
import type { AuditEntry } from "../../access/audit.ts";
import type { CompiledPolicy } from "../../guardrail/compiled-policy.ts";
import type { Clock } from "../../lib/clock.ts";
import type { MakeId } from "../../lib/ids.ts";
import { err, ok, type Result } from "../../lib/result.ts";
import type { MistakeStore } from "../../mistake/mistake-store.ts";
import type { Mistake, MistakeKind } from "../../mistake/mistake.ts";
import { redactedText } from "../../mistake/redaction.ts";
import { neededVoices } from "../../mistake/review-rules.ts";
import type { RefusedReview, ReviewStore, Standing } from "../../mistake/review-store.ts";
import type { Review, ReviewDecision, Voice } from "../../mistake/review.ts";
import type { Category } from "../../policy/category.ts";
import { conflict, invalidRequest, notFound, type Problem } from "../../problem.ts";
import { checkCorrection } from "./check-correction.ts";

export interface ReviewDependencies {
  readonly mistakes: Pick<MistakeStore, "get">;
  readonly reviews: Pick<ReviewStore, "decide" | "refusal" | "listReviews">;
  readonly clock: Clock;
  readonly makeId: MakeId;
}

export interface ReviewOrder {
  readonly projectId: string;
  readonly mistakeId: string;
  readonly voice: Voice;
  readonly decision: ReviewDecision;
  readonly comment: string | null;
  readonly kind: MistakeKind | null;
  readonly categories: readonly Category[] | null;
  readonly correction: string | null;
  readonly leaseId: string | null;
}

export interface Reviewed {
  readonly review: Review;
  readonly standing: Standing;
}

/** What a two-voiced mistake needs to know of a voice when names make it. */
export const NAMELESS: Problem = invalidRequest(
  "This needs two reviewers, and the policy tells them by their names: say who you are.",
  "reviewer",
);

export function refused(reason: RefusedReview, mistakeId: string): Problem {
  switch (reason) {
    case "not_found":
      return notFound("mistake", mistakeId);
    case "already_released":
      return conflict("A release holds this mistake already, and a release never changes.");
    case "leased":
      return {
        ...conflict("Another reviewer holds this mistake: claim others, or wait until the lease ends."),
        code: "leased",
      };
    case "lease_lost":
      return { ...conflict("Your lease on this mistake is over: claim it again."), code: "lease_lost" };
  }
}

function same(left: unknown, right: unknown): boolean {
  return JSON.stringify(left) === JSON.stringify(right);
}

/** What the order changes about the mistake: saying again what is there is no change. */
function changesOf(order: ReviewOrder, mistake: Mistake, correction: string | null) {
  return {
    kind: order.kind === mistake.kind ? null : order.kind,
    categories: same(order.categories, mistake.categories) ? null : order.categories,
    correction: correction === mistake.correction ? null : correction,
  };
}

function auditOf(review: Review, id: string): AuditEntry {
  const { projectId, keyId, mistakeId, createdAt, reviewer, decision, kind } = review;
  const relabelled = review.categories === null ? null : review.categories.join(" ");
  const details = { review_id: review.id, decision, reviewer, kind, categories: relabelled };
  const event = "mistake_reviewed";
  return { id, projectId, keyId, event, subject: mistakeId, details, createdAt };
}

export async function decideReview(
  { mistakes, reviews, clock, makeId }: ReviewDependencies,
  order: ReviewOrder,
  { policy, guardrails }: Pick<CompiledPolicy, "policy" | "guardrails">,
): Promise<Result<Reviewed, Problem>> {
  const { projectId, voice, decision, leaseId } = order;
  const found = await mistakes.get(projectId, order.mistakeId);
  if (found === null) return err(notFound("mistake", order.mistakeId));
  const { mistake } = found;
  // Of a recurrence this is the mistake that it repeats.
  const mistakeId = mistake.id;
  const correction =
    order.correction === null ? ok(null) : checkCorrection(order.correction, mistake.exchange.messages, guardrails);
  if (!correction.ok) return correction;
  const changes = changesOf(order, mistake, correction.value);
  const labels = [mistake.categories, order.categories ?? []].flat();
  const earlier = await reviews.listReviews(projectId, mistakeId);
  const required = neededVoices(policy.review, { source: mistake.source, categories: labels }, earlier);
  const { voices } = policy.review.second;
  if (required > 1 && voices === "reviewers" && voice.reviewer === null) return err(NAMELESS);
  const now = clock();
  const review: Review = {
    ...{ id: makeId("rev"), projectId, mistakeId, decision, ...voice, ...changes, required },
    comment: order.comment === null ? null : redactedText(order.comment),
    ...{ by: "person", standing: true, bulkId: null, createdAt: now },
  };
  const entry = auditOf(review, makeId("aud"));
  const [standing] = await reviews.decide({
    reviews: [review],
    leaseId,
    unattended: false,
    quarantined: false,
    voices,
    now,
    entry,
  });
  if (standing !== undefined) return ok({ review, standing });
  return err(refused(await reviews.refusal(projectId, mistakeId, { leaseId, now }), mistakeId));
}
