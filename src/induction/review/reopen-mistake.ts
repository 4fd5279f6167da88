// POST /v1/mistakes/{id}/reopen, the use case. Law: the reason stands in the audit, and what a release holds stays as it is.
import type { Clock } from "../../lib/clock.ts";
import type { MakeId } from "../../lib/ids.ts";
import { err, ok, type Result } from "../../lib/result.ts";
import type { MistakeStore } from "../../mistake/mistake-store.ts";
import { redactedText } from "../../mistake/redaction.ts";
import type { ReviewStore } from "../../mistake/review-store.ts";
import type { Voice } from "../../mistake/review.ts";
import { conflict, notFound, type Problem } from "../../problem.ts";
import { refused } from "./decide-review.ts";

export interface ReopenDependencies {
  readonly mistakes: Pick<MistakeStore, "get">;
  readonly reviews: Pick<ReviewStore, "reopenReviewed" | "refusal">;
  readonly clock: Clock;
  readonly makeId: MakeId;
}

export interface ReopenOrder extends Voice {
  readonly projectId: string;
  readonly mistakeId: string;
  readonly comment: string;
}

export async function reopenMistake(
  { mistakes, reviews, clock, makeId }: ReopenDependencies,
  { projectId, mistakeId, keyId, reviewer, comment }: ReopenOrder,
): Promise<Result<null, Problem>> {
  const found = await mistakes.get(projectId, mistakeId);
  if (found === null) return err(notFound("mistake", mistakeId));
  const now = clock();
  const details = { reviewer, was: found.mistake.state, comment: redactedText(comment) };
  const event = "mistake_reopened" as const;
  const entry = { id: makeId("aud"), projectId, keyId, event, subject: mistakeId, details, createdAt: now };
  if (await reviews.reopenReviewed(projectId, mistakeId, now, entry)) return ok(null);
  const reason = await reviews.refusal(projectId, mistakeId, { leaseId: null, now });
  if (reason === "already_released") return err(refused(reason, mistakeId));
  return err(conflict("Nobody has decided on this mistake, so there is nothing to take back."));
}
