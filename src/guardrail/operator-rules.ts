// The guardrail of the operator's own rules («promises a refund»). Law: all rules are compiled once, or none is and every
// fault is told; every place is told, since it may be redacted; the system prompt, which is the operator's side, is never read.
import { type Result, err, ok } from "../lib/result.ts";
import type { OperatorRule } from "../policy/policy.ts";
import { findingsAcross } from "./adjacent-parts.ts";
import { contentVersion } from "./content-version.ts";
import type { Exchange, ExchangeText } from "./exchange.ts";
import type { FastGuardrail } from "./guardrail.ts";
import { compileRule, type OperatorRuleFault } from "./operator-rule.ts";
import { RuleSet } from "./operator-rule-set.ts";
import type { Side } from "./verdict.ts";
import { judged } from "./verdicts.ts";

function textsOf(exchange: Exchange, side: Side): readonly ExchangeText[] {
  return side === "output" ? exchange.answer : exchange.conversation.filter(({ role }) => role !== "system");
}

/** @param version default: a hash of the rules */
export function createOperatorRulesGuardrail(
  rules: readonly OperatorRule[],
  version: string = contentVersion(rules),
): Result<FastGuardrail, readonly OperatorRuleFault[]> {
  const results = rules.map((rule, place) => compileRule(rule, `rules[${place}]`));
  const faults = results.flatMap((result) => (result.ok ? [] : [result.error]));
  for (const [place, { id }] of rules.entries()) {
    if (rules.findIndex((rule) => rule.id === id) < place) {
      faults.push({ path: `rules[${place}].id`, message: `Another rule is called "${id}": rename one of them.` });
    }
  }
  if (faults.length > 0) return err(faults);
  const compiled = results.flatMap((result) => (result.ok ? [result.value] : []));
  const bySide = (side: Side) => new RuleSet(compiled.filter(({ sides }) => sides.includes(side)));
  const ruleSets = { input: bySide("input"), output: bySide("output") };
  const identity = { id: "operator-rules", version };
  return ok({
    ...identity,
    sides: (["input", "output"] as const).filter((side) => compiled.some(({ sides }) => sides.includes(side))),
    categories: [...new Set(compiled.map(({ category }) => category))],
    check: (exchange, side) =>
      judged(
        identity,
        side,
        findingsAcross(textsOf(exchange, side), (text) => ruleSets[side].findingsIn(text)),
      ),
    glimpse: (piece) => ruleSets.output.glimpse(piece),
  });
}
