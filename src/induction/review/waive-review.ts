// Confirms by rule what the policy waives the review of, once it is analysed. Law: never what is in quarantine, held by a reviewer,
// decided, or in need of two voices; the review says that it was the policy.
import type { Clock } from "../../lib/clock.ts";
import type { MakeId } from "../../lib/ids.ts";
import type { MistakeStore } from "../../mistake/mistake-store.ts";
import { isWaived } from "../../mistake/review-rules.ts";
import type { ReviewStore } from "../../mistake/review-store.ts";
import { plainReview } from "../../mistake/review.ts";
import { unwrap } from "../../problem.ts";
import { projectPolicy, type ProjectPolicyDependencies } from "./project-review-policy.ts";

export interface WaiveDependencies extends ProjectPolicyDependencies {
  readonly mistakes: Pick<MistakeStore, "get">;
  readonly reviews: Pick<ReviewStore, "decide" | "listReviews">;
  readonly clock: Clock;
  readonly makeId: MakeId;
}

/** Who it was where nobody was. */
export const POLICY_VOICE = "policy";

/** Throws a ProblemError where the policy can't be read: then it is worth another attempt. */
export async function waiveReview(
  dependencies: WaiveDependencies,
  projectId: string,
  mistakeId: string,
): Promise<void> {
  const { mistakes, reviews, clock, makeId } = dependencies;
  const { policy } = unwrap(await projectPolicy(dependencies, projectId));
  if (policy.review.waive.length === 0) return;
  const found = await mistakes.get(projectId, mistakeId);
  if (found?.mistake.state !== "analysed" || !isWaived(policy.review, found.mistake)) return;
  // What a person has said of it stands: reopened, it waits for another person.
  if ((await reviews.listReviews(projectId, mistakeId)).length > 0) return;
  const now = clock();
  const id = makeId("rev");
  const keyId = POLICY_VOICE;
  const settled = { id, projectId, mistakeId, decision: "confirm" as const, comment: null, keyId, createdAt: now };
  await reviews.decide({
    reviews: [{ ...plainReview(settled), by: "policy" }],
    ...{ leaseId: null, unattended: true, quarantined: false, voices: policy.review.second.voices, now },
    entry: {
      ...{ id: makeId("aud"), projectId, keyId, event: "mistake_reviewed", subject: mistakeId, createdAt: now },
      details: { review_id: id, decision: "confirm", waived: true, policy_version: policy.version },
    },
  });
}
