// A fast guardrail that flags one phrase, wherever it stands. Law: it reads what real ones read, and names the place it found.
import type { ExchangeText } from "../../src/guardrail/exchange.ts";
import type { FastGuardrail } from "../../src/guardrail/guardrail.ts";
import type { Finding, Side } from "../../src/guardrail/verdict.ts";
import { judged } from "../../src/guardrail/verdicts.ts";
import type { Category } from "../../src/policy/category.ts";

export interface FlaggingOptions {
  readonly category?: Category;
  readonly sides?: readonly Side[];
  /** false: it flags without naming a place, as a score over a whole exchange does */
  readonly places?: boolean;
}

export function flaggingGuardrail(phrase: string, options: FlaggingOptions = {}): FastGuardrail {
  const { category = "custom:test", sides = ["output"], places = true } = options;
  const identity = { id: "flagging", version: "flagging-1" };
  const findings = ({ text, location }: ExchangeText): Finding[] => {
    const start = text.indexOf(phrase);
    if (start < 0) return [];
    const span = places ? { location, start, end: start + phrase.length } : null;
    return [{ rule: "phrase", category, span, message: "contains the phrase of the test" }];
  };
  return {
    ...identity,
    sides,
    check: ({ conversation, answer }, side) =>
      judged(identity, side, (side === "input" ? conversation : answer).flatMap(findings)),
  };
}
