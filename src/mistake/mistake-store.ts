// Port: the system of record for mistakes and attacks. Law: every call names its project, and sees nothing of another.
import type { Page, PageRequest } from "../lib/page.ts";
import type { ChatMessage } from "../wire/chat-completion.ts";
import type { Analysis, Attack, Mistake, MistakeKind, MistakeSource, MistakeState, StoredExchange } from "./mistake.ts";
import type { SettlingReview } from "./review.ts";

export interface MistakeFilter {
  readonly state?: MistakeState | undefined;
  readonly source?: MistakeSource | undefined;
  readonly kind?: MistakeKind | undefined;
}

export interface MistakeWithAnalyses {
  readonly mistake: Mistake;
  readonly analyses: readonly Analysis[];
}

/** A text that is either here, or an object under a key (R2): a queue message holds 128 KB, a D1 row 2 MB. */
export type Kept<Value> = { readonly inline: Value } | { readonly objectKey: string };

/** What a queue message or a spooled object carries: one captured thing. */
export type Captured =
  | {
      readonly type: "mistake";
      readonly mistake: Omit<Mistake, "exchange">;
      readonly exchange: Kept<StoredExchange>;
    }
  | {
      readonly type: "attack";
      readonly attack: Omit<Attack, "messages">;
      readonly messages: Kept<readonly ChatMessage[]>;
    };

export type ReviewOutcome = "reviewed" | "not_found" | "already_released";

export interface MistakeStore {
  /** Idempotent by id: what is there already stays as it is. */
  insertCaptured(captured: readonly Captured[]): Promise<void>;
  get(projectId: string, id: string): Promise<MistakeWithAnalyses | null>;
  list(projectId: string, filter: MistakeFilter, page: PageRequest): Promise<Page<MistakeWithAnalyses>>;
  listAttacks(projectId: string, page: PageRequest): Promise<Page<Attack>>;
  getAttack(projectId: string, id: string): Promise<Attack | null>;
  /** Says of an attack which overrule calls it none. */
  markOverruled(projectId: string, attackId: string, overruleId: string): Promise<void>;
  /** Undoes that, unless another overrule says so by now. */
  unmarkOverruled(projectId: string, attackId: string, overruleId: string): Promise<void>;
  /** Keeps the analysis; a `captured` mistake becomes `analysed`. Idempotent by the analysis's id. */
  addAnalysis(analysis: Analysis): Promise<void>;
  /**
   * Keeps the review; the mistake becomes `confirmed` or `dismissed`, unless a release holds it. For whoever settled it by
   * another act (an overrule); reviewers decide through the review store.
   */
  review(review: SettlingReview): Promise<ReviewOutcome>;
  /** A dismissed mistake is again what it was before (`analysed`, if it was analysed since), unless a release holds it. */
  reopen(projectId: string, id: string, state: MistakeState): Promise<void>;
  /** when the project's oldest mistake was made; null if there is none */
  firstCapturedAt(projectId: string): Promise<number | null>;
  /**
   * Claims up to `limit` confirmed, analysed mistakes for one release, oldest first, so that two releases built at once
   * never share one. Safe to repeat.
   */
  claimForRelease(projectId: string, releaseId: string, limit: number): Promise<void>;
  /** What the release claimed, and what was released before if asked; oldest first, after the id `after`. */
  listClaimed(
    projectId: string,
    releaseId: string,
    options: { readonly after: string | null; readonly limit: number; readonly includeReleased: boolean },
  ): Promise<readonly MistakeWithAnalyses[]>;
}
