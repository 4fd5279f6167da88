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

export interface Exchange {
  /** what the client sent, in order; `developer` messages count as `system` */
  readonly conversation: readonly ExchangeText[];
  /** one choice of the model's answer: text, reasoning, refusal, tool-call arguments; empty before there is an answer */
  readonly answer: readonly ExchangeText[];
  /** instructions of ours that the answer must not repeat (the guidance) */
  readonly guidance: readonly string[];
}
