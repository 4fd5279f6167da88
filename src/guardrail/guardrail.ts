// The two guardrail ports. Law: `check` of a fast guardrail is pure and linear in the text; whoever runs a guardrail
// turns what it throws into a verdict of status `error`.
import type { Exchange } from "./exchange.ts";
import type { Side, Verdict } from "./verdict.ts";

/** No I/O: pattern rules, prompt leak, operator rules, profanity, edge classifier. */
export interface FastGuardrail {
  readonly id: string;
  readonly version: string;
  readonly sides: readonly Side[];
  check(exchange: Exchange, side: Side): Verdict;
}

/** Asks something over the network, a judge for example. */
export interface SlowGuardrail {
  readonly id: string;
  readonly version: string;
  readonly sides: readonly Side[];
  check(exchange: Exchange, side: Side, signal: AbortSignal): Promise<Verdict>;
}
