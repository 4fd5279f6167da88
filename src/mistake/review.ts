// A review: what one voice says of one mistake. Law: the texts in it are redacted before it is made, and it is never deleted
// while its mistake is there; what counts no longer says so (`standing`).
import type { Category } from "../policy/category.ts";
import type { MistakeKind } from "./mistake.ts";

/** `relabel` and `correct` change what the mistake is called or how it should have been answered, and decide nothing. */
export const REVIEW_DECISIONS = ["confirm", "dismiss", "relabel", "correct"] as const;
export type ReviewDecision = (typeof REVIEW_DECISIONS)[number];

export const REVIEWED_BY = ["person", "policy"] as const;

/** Who speaks: a key, and the name that one of those who share it goes by. Names are told, not checked. */
export interface Voice {
  readonly keyId: string;
  /** null: the key itself */
  readonly reviewer: string | null;
}

export interface Review extends Voice {
  readonly id: string;
  readonly projectId: string;
  readonly mistakeId: string;
  readonly decision: ReviewDecision;
  readonly comment: string | null;
  /** `policy`: confirmed by rule */
  readonly by: (typeof REVIEWED_BY)[number];
  /** what it changed; null: left as it was */
  readonly kind: MistakeKind | null;
  readonly categories: readonly Category[] | null;
  readonly correction: string | null;
  /** how many voices had to agree */
  readonly required: number;
  /** false once its voice said otherwise, the mistake was relabelled under two voices, or reopened */
  readonly standing: boolean;
  /** the bulk review that it was part of */
  readonly bulkId: string | null;
  readonly createdAt: number;
}

/** What one act settles by itself. */
export type SettlingReview = Pick<Review, "id" | "projectId" | "mistakeId" | "comment" | "keyId" | "createdAt"> & {
  readonly decision: "confirm" | "dismiss";
};

/** A review by one person, of which nothing more is known. */
export function plainReview(review: SettlingReview): Review {
  return {
    ...review,
    reviewer: null,
    by: "person",
    kind: null,
    categories: null,
    correction: null,
    required: 1,
    standing: true,
    bulkId: null,
  };
}
