// The exchange as guardrails read it: plain texts with their places, free of any wire format.
// Law: a guardrail always gets the whole exchange, never the answer alone.

import type { ROLES } from "../policy/allowance-schema.ts";

export type Role = (typeof ROLES)[number];

export interface ExchangeText {
  readonly role: Role;
  readonly text: string;
  /** see Span.location */
  readonly location: string;
}

export interface ExpectedTool {
  readonly name: string;
  /** a JSON schema, as the client sent it */
  readonly parameters: unknown;
}

/** The form that the client asked for. */
export interface ExpectedAnswer {
  /** a JSON schema, as the client sent it; null where any text will do */
  readonly answerSchema: unknown;
  readonly tools: readonly ExpectedTool[];
}

export interface Exchange {
  /** what the client sent, in order; `developer` messages count as `system` */
  readonly conversation: readonly ExchangeText[];
  /** one choice of the model's answer: text, reasoning, refusal, tool-call arguments; empty before there is an answer */
  readonly answer: readonly ExchangeText[];
  /** instructions of ours that the answer must not repeat (the guidance) */
  readonly guidance: readonly string[];
  /** left out where there is no request that could ask for a form */
  readonly expected?: ExpectedAnswer;
}
