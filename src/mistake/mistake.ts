// A mistake: a flagged exchange with a non-empty answer of the model (arXiv 2310.10477 section 4.1, stage 1).
// An attack: an input that was blocked, so there is no answer to learn from. Law: both are redacted before they are made.
import type { Category } from "../policy/category.ts";
import type { MistakeKind, MistakeSource, Quarantine } from "../policy/mistake-names.ts";
import type { Action, StreamMode } from "../policy/policy.ts";
import type { Verdict } from "../guardrail/verdict.ts";
import type { AnalysisDetails, AnalysisFault } from "./analysis-quality.ts";
import type { ChatMessage, CompletionMessage } from "../wire/chat-completion.ts";

export { MISTAKE_KINDS, MISTAKE_SOURCES, QUARANTINES } from "../policy/mistake-names.ts";
export type { MistakeKind, MistakeSource, Quarantine } from "../policy/mistake-names.ts";

export const MISTAKE_STATES = ["captured", "analysed", "confirmed", "dismissed", "released"] as const;
export type MistakeState = (typeof MISTAKE_STATES)[number];

/** The versions of everything that had a part in the answer or its check. */
export interface Provenance {
  readonly model: string;
  /** null where the answer was asked for without guidance */
  readonly guidanceVersion: string | null;
  readonly policyVersion: string;
  readonly classifierVersion: string | null;
  /** null where no key was involved (an induction run) */
  readonly keyId: string | null;
  /** the person behind the request, by HMAC (access/end-user-ids); null where the request named nobody */
  readonly endUser: string | null;
  readonly requestId: string;
  readonly completionId: string;
  /** how the answer was streamed; null for JSON */
  readonly streamMode: StreamMode | null;
  /** of an induction run: how its instruction was wrapped */
  readonly technique?: string | null | undefined;
}

/** The redacted conversation as the client sent it, and the model's answer. */
export interface StoredExchange {
  readonly messages: readonly ChatMessage[];
  readonly answer: CompletionMessage;
}

export interface Mistake {
  readonly id: string;
  readonly projectId: string;
  readonly kind: MistakeKind;
  readonly source: MistakeSource;
  readonly state: MistakeState;
  readonly categories: readonly Category[];
  readonly verdicts: readonly Verdict[];
  /** what was done with the answer */
  readonly action: Action;
  /** UTF-16 units of the model's answer that the client got; 0 where the whole answer was withheld */
  readonly releasedCharacters: number;
  readonly exchange: StoredExchange;
  /** what should have been answered, redacted: of a refusal or block that was none to make; null where nobody knows */
  readonly correction: string | null;
  readonly provenance: Provenance;
  /** of its near duplicates; null of what was stored before there were any, or could not be read */
  readonly clusterId: string | null;
  readonly quarantine: Quarantine | null;
  /** milliseconds since the Unix epoch */
  readonly createdAt: number;
}

export const ATTACK_ACTIONS = ["block", "annotate"] as const satisfies readonly Action[];

export interface Attack {
  readonly id: string;
  readonly projectId: string;
  readonly categories: readonly Category[];
  readonly verdicts: readonly Verdict[];
  readonly messages: readonly ChatMessage[];
  readonly policyVersion: string;
  readonly keyId: string;
  /** as of a mistake */
  readonly endUser: string | null;
  readonly requestId: string;
  /** a judge that ran beside the model blocked it: the model was asked, and nothing of its answer left */
  readonly upstreamStarted: boolean;
  /** `annotate` where it was let through, since the policy only monitors */
  readonly action: (typeof ATTACK_ACTIONS)[number];
  /** the overrule that calls it no attack; null once that is reverted */
  readonly overruledBy: string | null;
  readonly createdAt: number;
}

export interface Analysis {
  readonly id: string;
  readonly projectId: string;
  readonly mistakeId: string;
  readonly text: string;
  readonly promptVersion: string;
  readonly model: string;
  readonly createdAt: number;
  /** what is wrong with the text: it passed where nothing is; null of what was stored before there was a check */
  readonly quality: readonly AnalysisFault[] | null;
  /** texts that were asked for until this one was kept */
  readonly attempts: number;
  readonly details: AnalysisDetails | null;
  /** an answer that the model gave in the light of this analysis, checked by the guardrails; nobody has confirmed it */
  readonly proposedCorrection: string | null;
}
