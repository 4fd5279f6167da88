// A guardrail that flags one phrase, so that tests of the gateway depend on no real rule.
import type { ExchangeText } from "../../src/guardrail/exchange.ts";
import type { FastGuardrail, Glimpse } from "../../src/guardrail/guardrail.ts";
import { judged } from "../../src/guardrail/verdicts.ts";
import type { Finding, Side } from "../../src/guardrail/verdict.ts";
import type { Category } from "../../src/policy/category.ts";

interface PhraseGuardrailOptions {
  readonly sides?: readonly Side[];
  /** false: the findings name no place, as a score over the whole exchange does */
  readonly spans?: boolean;
  /** false: it can't read a text that is still being written */
  readonly pieces?: boolean;
}

export function phraseGuardrail(
  phrase: string,
  category: Category,
  { sides = ["output"], spans = true, pieces = true }: PhraseGuardrailOptions = {},
): FastGuardrail {
  const identity = { id: `phrase-${category}`, version: "1" };
  const findingsIn = ({ text, location }: ExchangeText): Finding[] => {
    const start = text.indexOf(phrase);
    if (start < 0) return [];
    const span = spans ? { location, start, end: start + phrase.length } : null;
    return [{ rule: "phrase", category, span, message: "says what it should not say" }];
  };
  const glimpse = (piece: ExchangeText): Glimpse => {
    const findings = findingsIn(piece);
    let openFrom = Math.max(0, piece.text.length - phrase.length + 1);
    while (!phrase.startsWith(piece.text.slice(openFrom))) openFrom += 1;
    return { findings, openFrom };
  };
  return {
    ...identity,
    sides,
    categories: [category],
    ...(pieces ? { glimpse } : {}),
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
