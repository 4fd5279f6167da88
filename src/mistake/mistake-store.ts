// Port: the system of record for mistakes and attacks. Law: every call names its project, and sees nothing of another.
import type { Page, PageRequest } from "../lib/page.ts";
import type { Category } from "../policy/category.ts";
import type { ContentMark } from "./cluster.ts";
import type { ChatMessage } from "../wire/chat-completion.ts";
import type { KeptExchange } from "./kept-exchange.ts";
import type {
  Analysis,
  Attack,
  Mistake,
  MistakeKind,
  MistakeSource,
  MistakeState,
  Quarantine,
  StoredExchange,
} from "./mistake.ts";
import type { ConditionalEntry } from "./review-queue.ts";
import type { SettlingReview } from "./review.ts";

/** Milliseconds since the Unix epoch, from and until just before. */
export interface CreatedBetween {
  readonly createdAfter?: number | undefined;
  readonly createdBefore?: number | undefined;
}

/** At most one of these at once: each has an index of its own, and no two of them one in common. */
export type NarrowFilter =
  | { readonly by: "category"; readonly value: Category }
  | { readonly by: "key"; readonly value: string }
  | { readonly by: "policy"; readonly value: string }
  | { readonly by: "cluster"; readonly value: string }
  | { readonly by: "quarantine"; readonly value: Quarantine };

export interface MistakeFilter extends CreatedBetween {
  readonly state?: MistakeState | undefined;
  readonly source?: MistakeSource | undefined;
  readonly kind?: MistakeKind | undefined;
  readonly narrow?: NarrowFilter | undefined;
}

export interface AttackFilter extends CreatedBetween {
  readonly keyId?: string | undefined;
}

export interface MistakeWithAnalyses {
  readonly mistake: Mistake;
  readonly analyses: readonly Analysis[];
}

/** A text that is either here, or an object under a key (R2): a queue message holds 128 KB, a D1 row 2 MB. */
export type Kept<Value> = { readonly inline: Value } | { readonly objectKey: string };

/** What a queue message or a spooled object carries: one captured thing. */
export type Captured = (
  | {
      readonly type: "mistake";
      readonly mistake: Omit<Mistake, "exchange">;
      readonly exchange: Kept<StoredExchange>;
      /** given by what stores it (induction/clustered-captures.ts), never queued */
      readonly mark?: ContentMark;
    }
  | {
      readonly type: "attack";
      readonly attack: Omit<Attack, "messages">;
      readonly messages: Kept<readonly ChatMessage[]>;
    }
  | {
      readonly type: "exchange";
      readonly kept: Omit<KeptExchange, "exchange">;
      readonly exchange: Kept<StoredExchange>;
    }
) & {
  /** where its text was put when only the answer was lost, perhaps: it is inline all the same; never queued */
  readonly triedKey?: string;
};

export type ReviewOutcome = "reviewed" | "not_found" | "already_released";

export interface MistakeStore {
  /**
   * Idempotent by id: what is there already stays as it is. A marked mistake whose content is stored already, and not merely in
   * quarantine, is counted as its recurrence instead.
   *
   * @param entries of these mistakes in the review queue, in the same transaction
   */
  insertCaptured(captured: readonly Captured[], entries?: readonly ConditionalEntry[]): Promise<void>;
  /** Of a recurrence, the mistake that it repeats. */
  get(projectId: string, id: string): Promise<MistakeWithAnalyses | null>;
  /**
   * The newest mistakes of one completion: of several choices, or of answers that were asked for again. What was withheld wrongly
   * is a mistake of its own under the same name, and not among them.
   */
  idsOfCompletion(projectId: string, completionId: string, limit: number): Promise<readonly string[]>;
  list(projectId: string, filter: MistakeFilter, page: PageRequest): Promise<Page<MistakeWithAnalyses>>;
  listAttacks(projectId: string, page: PageRequest, filter?: AttackFilter): Promise<Page<Attack>>;
  getAttack(projectId: string, id: string): Promise<Attack | null>;
  /** Says of an attack which overrule calls it none. */
  markOverruled(projectId: string, attackId: string, overruleId: string): Promise<void>;
  /** Undoes that, unless another overrule says so by now. */
  unmarkOverruled(projectId: string, attackId: string, overruleId: string): Promise<void>;
  /** Keeps the analysis; a `captured` mistake becomes `analysed`. Idempotent by the analysis's id. */
  addAnalysis(analysis: Analysis): Promise<void>;
  /**
   * Keeps the review of a person who looked at this one; the mistake becomes `confirmed`, which ends its quarantine, or
   * `dismissed`, unless a release holds it. For whoever settles it by another act (an overrule); reviewers decide through the
   * review store.
   */
  review(review: SettlingReview): Promise<ReviewOutcome>;
  /** Into quarantine, until a person has looked at it; unless it is there already, was reviewed, or a release holds it. */
  hold(projectId: string, id: string, reason: Quarantine): Promise<void>;
  /** A dismissed mistake is again what it was before (`analysed`, if it was analysed since), unless a release holds it. */
  reopen(projectId: string, id: string, state: MistakeState): Promise<void>;
  /** when the project's oldest mistake was made; null if there is none */
  firstCapturedAt(projectId: string): Promise<number | null>;
  /**
   * Claims up to `limit` confirmed mistakes with a sound analysis or a correction for one release, oldest first, after the id
   * `after`, so that two releases built at once never share one. None in quarantine, whatever its state says. Safe to repeat.
   */
  claimForRelease(projectId: string, releaseId: string, limit: number, after?: string | null): Promise<void>;
  /** What the release claimed, and what was released before if asked; oldest first, after the id `after`. */
  listClaimed(
    projectId: string,
    releaseId: string,
    options: { readonly after: string | null; readonly limit: number; readonly includeReleased: boolean },
  ): Promise<readonly MistakeWithAnalyses[]>;
}
