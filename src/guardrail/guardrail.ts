// The two guardrail ports. Law: `check` of a fast guardrail is pure and linear in the text; whoever runs a guardrail
// turns what it throws into a verdict of status `error`.
import type { Clock } from "../lib/clock.ts";
import type { ChatModel } from "../model/chat-model.ts";
import type { FindGuardrailUpstream } from "../model/guardrail-upstream.ts";
import type { Exchange, ExchangeText } from "./exchange.ts";
import type { Finding, Side, Verdict } from "./verdict.ts";

/** The most that a stream holds back for what may still become a finding, in UTF-16 units. */
export const MOST_HELD_UNITS = 64;

/** What is seen in a piece of a text of which more may come. */
export interface Glimpse {
  /** with spans in the piece; nothing that touches the piece's end and could vanish with the next character */
  readonly findings: readonly Finding[];
  /**
   * The unit of the piece from which on something may have begun that the next characters complete; the piece's length if
   * nothing has. A match that reaches the end and counts already is a finding, not something open.
   */
  readonly openFrom: number;
}

/** A score over a whole answer that is a running sum. */
export interface Follower {
  /** the next characters of one text of the answer */
  push(text: string, location: string): void;
  /** of all that was pushed */
  verdict(): Verdict;
}

/** No I/O: pattern rules, prompt leak, operator rules, profanity, edge classifier. */
export interface FastGuardrail {
  readonly id: string;
  readonly version: string;
  readonly sides: readonly Side[];
  /** what it can report; `custom:*` where an operator names categories */
  readonly categories: readonly string[];
  check(exchange: Exchange, side: Side): Verdict;
  /** Where a score begins to be uncertain, for one whose scores decide whether judges are asked. */
  uncertainFrom?(): Readonly<Record<Side, number | null>>;
  /** Whether there is anything for it to read in answers to this; without it, always. */
  concerns?(exchange: Exchange): boolean;
  /**
   * For streams: reads a piece of one text of the answer that is being written. The piece begins where the text does, after
   * white space, or between two characters of a script without blanks. `exchange` has no answer. Stateless and linear in the piece.
   * A guardrail without it speaks only at the end.
   */
  glimpse?(piece: ExchangeText, exchange: Exchange): Glimpse;
  /** For streams: a score that grows with the answer. */
  follow?(exchange: Exchange): Follower;
}

/** What a slow guardrail may use for one call. */
export interface GuardrailCall {
  readonly signal: AbortSignal;
  readonly clock: Clock;
  /** the deployed model of the caller's project */
  readonly model: ChatModel;
  /** the servers that the caller's project has for guardrails, by their names */
  readonly upstream: FindGuardrailUpstream;
  /** to be told what the call cost */
  readonly spend: (usage: TokenUsage) => void;
}

export interface TokenUsage {
  readonly model: string;
  readonly promptTokens: number;
  readonly completionTokens: number;
}

/** Asks something over the network, a judge for example. */
export interface SlowGuardrail {
  readonly id: string;
  readonly version: string;
  readonly sides: readonly Side[];
  readonly categories: readonly string[];
  /** It reads whole answers only: in a stream it is asked at the end. */
  readonly isForWholeAnswers?: boolean;
  /** In a stream the exchange's answer is a window: the end of what has come so far, with some context before it. */
  check(exchange: Exchange, side: Side, call: GuardrailCall): Promise<Verdict>;
}
