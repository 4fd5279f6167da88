// Port: stage 1's way in. Law: it resolves once one sink has what was captured, with its id; null if every sink refused.
import type { ChatMessage, CompletionMessage } from "../wire/chat-completion.ts";
import type { Category } from "../policy/category.ts";
import type { KeptExchange } from "./kept-exchange.ts";
import type { Attack, Mistake, MistakeKind, Quarantine } from "./mistake.ts";

/** What a person says of an answer, where a person reported it: it goes before what guardrails flagged. */
export interface Reported {
  /** so that whoever reports it again reports the same mistake */
  readonly id: string;
  readonly categories: readonly Category[];
  readonly kind: MistakeKind;
  readonly correction: string | null;
  readonly createdAt?: number;
}

export interface MistakeDraft extends Pick<
  Mistake,
  "projectId" | "source" | "verdicts" | "action" | "releasedCharacters" | "provenance"
> {
  readonly messages: readonly ChatMessage[];
  readonly answer: CompletionMessage;
  /** where it is known before, so that the same capture made again is the same mistake */
  readonly id?: string;
  /** where it is known already that a person must look at it */
  readonly quarantine?: Quarantine;
  readonly reported?: Reported;
}

/** An answer that passed: see kept-exchange.ts. */
export interface ExchangeDraft extends Pick<
  KeptExchange,
  "projectId" | "choice" | "state" | "verdicts" | "action" | "provenance" | "expiresAt"
> {
  readonly id?: string;
  readonly messages: readonly ChatMessage[];
  readonly answer: CompletionMessage;
}

export type AttackDraft = Omit<Attack, "id" | "categories" | "overruledBy" | "createdAt">;

export interface Capture {
  mistake(draft: MistakeDraft): Promise<string | null>;
  attack(draft: AttackDraft): Promise<string | null>;
  exchange(draft: ExchangeDraft): Promise<string | null>;
}
