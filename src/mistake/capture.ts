// Port: stage 1's way in. Law: it resolves once one sink has what was captured, with its id; null if every sink refused.
import type { Verdict } from "../guardrail/verdict.ts";
import type { Action } from "../policy/policy.ts";
import type { ChatMessage, CompletionMessage } from "../wire/chat-completion.ts";
import type { Attack, MistakeSource, Provenance, Quarantine } from "./mistake.ts";

export interface MistakeDraft {
  readonly projectId: string;
  readonly source: MistakeSource;
  readonly messages: readonly ChatMessage[];
  readonly answer: CompletionMessage;
  readonly verdicts: readonly Verdict[];
  readonly action: Action;
  readonly releasedCharacters: number;
  readonly provenance: Provenance;
  /** where it is known already that a person must look at it */
  readonly quarantine?: Quarantine;
}

export interface AttackDraft {
  readonly projectId: string;
  readonly messages: readonly ChatMessage[];
  readonly verdicts: readonly Verdict[];
  readonly policyVersion: string;
  readonly keyId: string;
  readonly endUser: string | null;
  readonly requestId: string;
  readonly upstreamStarted: boolean;
  readonly action: Attack["action"];
}

export interface Capture {
  mistake(draft: MistakeDraft): Promise<string | null>;
  attack(draft: AttackDraft): Promise<string | null>;
}
