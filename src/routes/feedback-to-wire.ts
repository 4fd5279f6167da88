// Between the domain's feedback and the wire's.
import type { Feedback } from "../mistake/feedback.ts";
import type { FeedbackReply, FeedbackWire } from "../wire/feedback.ts";
import { seconds } from "../wire/seconds.ts";
import { verdictToWire } from "./mistake-to-wire.ts";

/** What whoever said it is told. */
export function feedbackReply({ id, label, outcome, mistakeId, correction, createdAt }: Feedback): FeedbackReply {
  return {
    id,
    object: "feedback",
    label,
    outcome: outcome ?? "held_for_review",
    mistake_id: mistakeId,
    correction: correction === null ? null : correction.isClean ? "kept" : "flagged",
    created_at: seconds(createdAt),
  };
}

export function feedbackToWire(feedback: Feedback): FeedbackWire {
  const { correction } = feedback;
  return {
    id: feedback.id,
    object: "feedback",
    label: feedback.label,
    outcome: feedback.outcome,
    mistake_id: feedback.mistakeId,
    exchange_id: feedback.exchangeId,
    completion_id: feedback.completionId,
    category: feedback.category,
    comment: feedback.comment,
    correction:
      correction === null
        ? null
        : { text: correction.text, flagged: !correction.isClean, verdicts: correction.verdicts.map(verdictToWire) },
    voice: feedback.voice,
    key_id: feedback.keyId,
    request_id: feedback.requestId,
    replaced_by: feedback.replacedBy,
    created_at: seconds(feedback.createdAt),
  };
}
