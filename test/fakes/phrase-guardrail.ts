// A guardrail that flags one phrase, so that tests of the gateway depend on no real rule.
import type { ExchangeText } from "../../src/guardrail/exchange.ts";
import type { FastGuardrail } from "../../src/guardrail/guardrail.ts";
import { judged } from "../../src/guardrail/verdicts.ts";
import type { Finding, Side } from "../../src/guardrail/verdict.ts";
import type { Category } from "../../src/policy/category.ts";

interface PhraseGuardrailOptions {
  readonly sides?: readonly Side[];
  /** false: the findings name no place, as a score over the whole exchange does */
  readonly spans?: boolean;
}

export function phraseGuardrail(
  phrase: string,
  category: Category,
  { sides = ["output"], spans = true }: PhraseGuardrailOptions = {},
): FastGuardrail {
  const identity = { id: `phrase-${category}`, version: "1" };
  const findingsIn = ({ text, location }: ExchangeText): Finding[] => {
    const start = text.indexOf(phrase);
    if (start < 0) return [];
    const span = spans ? { location, start, end: start + phrase.length } : null;
    return [{ rule: "phrase", category, span, message: "says what it should not say" }];
  };
  return {
    ...identity,
    sides,
    categories: [category],
    check: (exchange, side) =>
      judged(identity, side, (side === "input" ? exchange.conversation : exchange.answer).flatMap(findingsIn)),
  };
}

/** A guardrail that breaks. */
export function brokenGuardrail(sides: readonly Side[], id = "broken"): FastGuardrail {
  return {
    id,
    version: "1",
    sides,
    categories: [],
    check: () => {
      throw new Error("it broke");
    },
  };
}
