// Feedback: what one voice says of one answer. Law: a voice says one thing at a time; what it said before is kept beside it.
import type { Verdict } from "../guardrail/verdict.ts";
import type { Category } from "../policy/category.ts";

export const FEEDBACK_LABELS = ["mistake", "good", "over_refusal"] as const;
export type FeedbackLabel = (typeof FEEDBACK_LABELS)[number];

/**
 * `mistake_made`: it is a mistake since. `voice_added`: it was one already. `example_kept`: a good example since.
 * `held_for_review`: it contradicts what guardrails or others say, so a person has to look.
 */
export const FEEDBACK_OUTCOMES = ["mistake_made", "voice_added", "example_kept", "held_for_review"] as const;
export type FeedbackOutcome = (typeof FEEDBACK_OUTCOMES)[number];

/** What should have been answered, redacted. */
export interface GivenCorrection {
  readonly text: string;
  /** the guardrails let it pass without a flag: only then it may become the correction of a mistake */
  readonly isClean: boolean;
  readonly verdicts: readonly Verdict[];
}

export interface Feedback {
  readonly id: string;
  readonly projectId: string;
  /** the end user (access/end-user-ids.ts), or where nobody is named `key:` and the key's id */
  readonly voice: string;
  /** the answer that it is about: what the ids of its mistake and of its kept exchange end with */
  readonly subject: string;
  readonly label: FeedbackLabel;
  /** null until it has had its effect: asked for again, it has it then */
  readonly outcome: FeedbackOutcome | null;
  readonly mistakeId: string | null;
  readonly exchangeId: string | null;
  readonly completionId: string | null;
  readonly category: Category | null;
  readonly comment: string | null;
  readonly correction: GivenCorrection | null;
  readonly keyId: string;
  readonly requestId: string;
  /** SHA-256 of the key's id and of the client's idempotency key */
  readonly idempotencyHash: string | null;
  /** SHA-256 of the body that came with the idempotency key */
  readonly bodyHash: string | null;
  readonly createdAt: number;
  /** the later one of the same voice, with another label */
  readonly replacedBy: string | null;
}

/** Voices that stand, by their label. */
export type VoiceCount = Readonly<Record<FeedbackLabel, number>>;
