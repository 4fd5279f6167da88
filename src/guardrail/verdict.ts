// A verdict: what one guardrail says of one side of an exchange.
// Law: an error is never a pass, and a check that did not run is `skipped` with its reason.
import type { Category } from "../policy/category.ts";

export const SIDES = ["input", "output"] as const;
export type Side = (typeof SIDES)[number];

/** A place in the exchange: the text it lies in, and [start, end) in UTF-16 code units of that text as it was sent. */
export interface Span {
  /** `messages[1].content`, `messages[1].content[0].text`, `content`, `reasoning_content`, `refusal`, `tool_calls[0].function.arguments` */
  readonly location: string;
  readonly start: number;
  readonly end: number;
}

/** One reason for a flag: the rule that matched, and where. */
export interface Finding {
  readonly rule: string;
  readonly category: Category;
  /** null where no single place can be named (a score over the whole exchange) */
  readonly span: Span | null;
  /** one sentence for the operator; never contains the matched text */
  readonly message: string;
}

/** Stored, what is null or empty is left out: most verdicts pass and say nothing more, and there are a dozen of each mistake. */
type SpokenFields = "guardrail" | "version" | "side" | "status";
export type StoredVerdict = Pick<Verdict, SpokenFields> & Partial<Omit<Verdict, SpokenFields>>;

export interface Verdict {
  readonly guardrail: string;
  readonly version: string;
  readonly side: Side;
  readonly status: "pass" | "flag" | "error" | "skipped";
  /** why it was skipped or failed, or by which allowances findings are missing; null otherwise */
  readonly reason: string | null;
  /** calibrated probability in [0, 1] where the guardrail has one */
  readonly score: number | null;
  readonly threshold: number | null;
  /** wall time of a guardrail that asks over the network; null for all others: a Worker's clock stands still while it computes */
  readonly latencyMilliseconds: number | null;
  /** a judge's own reason, bounded; redacted before it is stored, and never in a reply: it may quote what was withheld */
  readonly rationale: string | null;
  /** empty unless `status` is `flag` */
  readonly findings: readonly Finding[];
}
