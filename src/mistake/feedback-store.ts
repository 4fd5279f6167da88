// Port: feedback, and how many voices speak for what. Law: of one voice on one subject exactly one entry stands.
import type { Page, PageRequest } from "../lib/page.ts";
import type { Feedback, FeedbackLabel, FeedbackOutcome, VoiceCount } from "./feedback.ts";

export interface FeedbackFilter {
  readonly label?: FeedbackLabel | undefined;
  readonly outcome?: FeedbackOutcome | undefined;
  readonly mistakeId?: string | undefined;
}

export interface KnownSubject {
  readonly mistakeId: string | null;
  readonly exchangeId: string | null;
}

export interface FeedbackStore {
  /** What stands of any of these voices (one person's, under several secrets) on this subject. */
  standing(projectId: string, subject: string, voices: readonly string[]): Promise<Feedback | null>;
  byIdempotencyHash(projectId: string, hash: string): Promise<Feedback | null>;
  /**
   * Keeps it in the place of the entry `replaces`. If another request of this voice was quicker, what stands is given back instead.
   * A mistake and a kept exchange that were named for the same subject first keep their ids.
   */
  record(feedback: Feedback, replaces: string | null): Promise<Feedback>;
  /** What has been made of this subject, by what has had its effect: the mistake whose id has this ending, and the kept exchange. */
  known(projectId: string, subject: string, ending: string): Promise<KnownSubject>;
  /** What the same voice adds to the same label. */
  revise(projectId: string, id: string, said: Pick<Feedback, "category" | "comment" | "correction">): Promise<void>;
  settle(projectId: string, id: string, outcome: FeedbackOutcome, mistakeId: string | null): Promise<void>;
  voices(projectId: string, mistakeId: string): Promise<VoiceCount>;
  /** Forgets up to `limit` that came before this moment and of which there is no mistake, nor is any more; how many. */
  deleteExpiredFeedback(projectId: string, before: number, limit: number): Promise<number>;
  /** What stands and what was replaced, newest first. */
  list(projectId: string, filter: FeedbackFilter, page: PageRequest): Promise<Page<Feedback>>;
}
