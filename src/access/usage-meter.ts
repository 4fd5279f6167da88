// Port: counts what requests use and what comes of them. Law: synchronous and cheap — it never waits, never throws, and
// never costs a request a write.
import type { CountedOutcome, Usage } from "./usage.ts";

export interface UsageMeter {
  /** One call of a model, once it is known how many tokens it took. */
  record(usage: Usage): void;
  /** One more of this outcome. */
  count(outcome: CountedOutcome): void;
}
