// The guardrail of the operator's own rules («promises a refund»). Law: all rules are compiled once, or none is and every
// fault is told; at most one finding a rule and text; the system prompt, which is the operator's side, is never read.
import { type Result, err, ok } from "../lib/result.ts";
import type { OperatorRule } from "../policy/policy.ts";
import { findingsAcross } from "./adjacent-parts.ts";
import { contentVersion } from "./content-version.ts";
import type { Exchange, ExchangeText } from "./exchange.ts";
import type { FastGuardrail } from "./guardrail.ts";
import { alignedView, type Range } from "./normalise/text-view.ts";
import { viewsOf, viewsOfText } from "./normalise/views.ts";
import { type CompiledRule, compileRule, type OperatorRuleFault } from "./operator-rule.ts";
import { PhraseBook } from "./phrase-book.ts";
import type { Finding, Side } from "./verdict.ts";
import { judged } from "./verdicts.ts";

type Expression = Extract<CompiledRule["matcher"], { expression: unknown }>["expression"];

function firstMatch(expression: Expression, text: string): Range | null {
  // `test` runs a faster machine than a matcher, which has to tell the place.
  if (!expression.test(text)) return null;
  const matcher = expression.matcher(text);
  return matcher.find() ? { start: matcher.start(), end: matcher.end() } : null;
}

class RuleSet {
  readonly #phrases: PhraseBook<CompiledRule>;
  readonly #expressions: readonly { readonly rule: CompiledRule; readonly expression: Expression }[];

  constructor(rules: readonly CompiledRule[]) {
    this.#phrases = new PhraseBook(
      rules.flatMap((rule) => ("phrase" in rule.matcher ? [{ of: rule, phrase: rule.matcher.phrase }] : [])),
    );
    this.#expressions = rules.flatMap((rule) =>
      "expression" in rule.matcher ? [{ rule, expression: rule.matcher.expression }] : [],
    );
  }

  findingsIn(exchangeText: ExchangeText): Finding[] {
    const { text, location } = exchangeText;
    const found = new Map<CompiledRule, Range>();
    for (const view of viewsOfText(exchangeText)) {
      for (const { of, start, end } of this.#phrases.find(view)) {
        if (!found.has(of)) found.set(of, view.origin(start, end));
      }
    }
    if (this.#expressions.length > 0) this.#findExpressions(text, found);
    return [...found].map(([{ id, category, message }, range]) => ({
      rule: id,
      category,
      span: { location, ...range },
      message,
    }));
  }

  /** Expressions see the text as it stands, and folded with its case: an operator may have meant é or a capital. */
  #findExpressions(text: string, found: Map<CompiledRule, Range>): void {
    const views = [alignedView(text), ...viewsOf(text, { keepCase: true })];
    const different = views.filter((view, place) => place === 0 || view.text !== text);
    for (const view of different) {
      for (const { rule, expression } of this.#expressions) {
        const match = found.has(rule) ? null : firstMatch(expression, view.text);
        if (match !== null) found.set(rule, view.origin(match.start, match.end));
      }
    }
  }
}

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
  });
}
