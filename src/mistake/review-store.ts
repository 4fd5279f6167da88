// Port: what reviewers decide. Law: a decision and all that follows of it are one transaction; what a release holds never changes,
// nor does what somebody else holds a lease on.
import type { AuditEntry } from "../access/audit.ts";
import type { Verdict } from "../guardrail/verdict.ts";
import type { Category } from "../policy/category.ts";
import type { ReviewPolicy } from "../policy/review-policy.ts";
import type { MistakeSource, MistakeState } from "./mistake.ts";
import type { Review, Voice } from "./review.ts";
import type { ReviewFilter } from "./review-queue.ts";

/** Reviews at once, each of another mistake. */
export interface Decision {
  readonly reviews: readonly Review[];
  /** the lease that the reviewer decides on; null: none is needed, as long as nobody else holds one */
  readonly leaseId: string | null;
  /** true: only undecided mistakes that nobody holds, as a rule or a bulk may decide on */
  readonly unattended: boolean;
  /** whether one that is unattended touches what is in quarantine: to dismiss it, never to confirm */
  readonly quarantined: boolean;
  readonly voices: ReviewPolicy["second"]["voices"];
  readonly now: number;
  /** written once anything was decided */
  readonly entry: AuditEntry;
}

/** Where a mistake stands: how many voices say what. */
export interface Standing {
  readonly mistakeId: string;
  readonly state: MistakeState;
  readonly confirmations: number;
  readonly dismissals: number;
}

/**
 * What a bulk review may touch: undecided, held by nobody, and not decided so by this voice already; out of quarantine, unless the
 * filter names one.
 */
export interface BulkSelection {
  readonly projectId: string;
  readonly state: "captured" | "analysed";
  readonly filter: ReviewFilter;
  /** the newest mistake that belongs to it */
  readonly until: string;
  readonly decision: "confirm" | "dismiss";
  readonly voice: Voice;
  readonly voices: ReviewPolicy["second"]["voices"];
  readonly now: number;
}

export interface Selected {
  readonly id: string;
  readonly source: MistakeSource;
  readonly categories: readonly Category[];
  /** the most voices that an earlier review of it needed; 1 where there is none */
  readonly required: number;
}

export type RefusedReview = "not_found" | "already_released" | "leased" | "lease_lost";

export interface ScoredMistake {
  /** false: dismissed */
  readonly isMistake: boolean;
  readonly verdicts: readonly Verdict[];
}

export interface ReviewStore {
  /** Where the mistakes stand that were decided on; one that is missing was not. */
  decide(decision: Decision): Promise<readonly Standing[]>;
  /** Why a review of this mistake was not taken. */
  refusal(projectId: string, mistakeId: string, decision: Pick<Decision, "leaseId" | "now">): Promise<RefusedReview>;
  /** The mistake is undecided again and in the queue, and no earlier review counts; false unless it was decided and free. */
  reopenReviewed(projectId: string, mistakeId: string, now: number, entry: AuditEntry): Promise<boolean>;
  /** all reviews of a mistake, oldest first */
  listReviews(projectId: string, mistakeId: string): Promise<readonly Review[]>;
  standingOf(projectId: string, ids: readonly string[], voices: Decision["voices"]): Promise<readonly Standing[]>;
  /** How many, counted up to `most` and one more. */
  countSelected(selection: BulkSelection, most: number): Promise<number>;
  /** oldest first */
  listSelected(selection: BulkSelection, limit: number): Promise<readonly Selected[]>;
  /** the newest ones that were decided on, of each state at most `limit`; newest first */
  listScored(projectId: string, limit: number): Promise<readonly ScoredMistake[]>;
}
