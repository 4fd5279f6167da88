// The operator's rules of one side, looked up in one text. Law: phrases are read in every view, expressions in the text as it
// stands and folded with its case, since an operator may have meant é or a capital; linear, and a fixed number of findings.
import { distinctRanges } from "./distinct-ranges.ts";
import type { ExchangeText } from "./exchange.ts";
import { type Glimpse, MOST_HELD_UNITS } from "./guardrail.ts";
import { alignedView, type Range, type TextView } from "./normalise/text-view.ts";
import { viewsOfText, viewsWithCaseOfText } from "./normalise/views.ts";
import type { CompiledExpression, CompiledRule } from "./operator-rule.ts";
import { isFirm, openOrigin, openPhraseFrom, partialViewsWithCase } from "./partial-views.ts";
import { PhraseBook } from "./phrase-book.ts";
import type { Finding } from "./verdict.ts";

type Expression = CompiledExpression["expression"];
type IsFirm = (view: TextView, range: Range, looksAhead: boolean) => boolean;

interface ExpressionRule {
  readonly rule: CompiledRule;
  readonly compiled: CompiledExpression;
}

/** Of one rule in one text; an expression may read on to the end of the text to find each. */
const MAXIMUM_PLACES = 32;

function* placesOf(expression: Expression, text: string): Generator<Range, void, undefined> {
  // `test` runs a faster machine than a matcher, which has to tell the place.
  if (!expression.test(text)) return;
  const matcher = expression.matcher(text);
  while (matcher.find()) yield { start: matcher.start(), end: matcher.end() };
}

function startOf(expression: Expression, text: string): number {
  if (!expression.test(text)) return text.length;
  const matcher = expression.matcher(text);
  return matcher.find() ? matcher.start() : text.length;
}

/** Ranges by rule. */
class Places {
  readonly #ranges = new Map<CompiledRule, Range[]>();

  /** False once there are enough. */
  add(rule: CompiledRule, range: Range): boolean {
    const ranges = this.#ranges.get(rule) ?? [];
    if (ranges.length === 0) this.#ranges.set(rule, ranges);
    if (ranges.length < MAXIMUM_PLACES) ranges.push(range);
    return ranges.length < MAXIMUM_PLACES;
  }

  findings(location: string): Finding[] {
    return [...this.#ranges].flatMap(([{ id, category, message }, ranges]) =>
      distinctRanges(ranges).map(({ start, end }) => ({
        rule: id,
        category,
        span: { location, start, end },
        message,
      })),
    );
  }
}

export class RuleSet {
  readonly #phrases: PhraseBook<CompiledRule>;
  readonly #expressions: readonly ExpressionRule[];

  constructor(rules: readonly CompiledRule[]) {
    this.#phrases = new PhraseBook(
      rules.flatMap((rule) => ("phrase" in rule.matcher ? [{ of: rule, phrase: rule.matcher.phrase }] : [])),
    );
    this.#expressions = rules.flatMap((rule) =>
      "expression" in rule.matcher ? [{ rule, compiled: rule.matcher }] : [],
    );
  }

  findingsIn(text: ExchangeText): Finding[] {
    return this.#findings(text, this.#expressions, () => true);
  }

  glimpse(piece: ExchangeText): Glimpse {
    if (this.#phrases.isEmpty && this.#expressions.length === 0) return { findings: [], openFrom: piece.text.length };
    const expressions = this.#expressions.filter(({ compiled }) => !compiled.isAnchored);
    const findings = this.#findings(piece, expressions, (view, range, looksAhead) =>
      isFirm(view, range, piece, { looksAhead }),
    );
    const phraseFrom = this.#phrases.isEmpty ? piece.text.length : openPhraseFrom(this.#phrases, piece);
    return { findings, openFrom: Math.min(phraseFrom, this.#openExpressionFrom(piece)) };
  }

  #findings(text: ExchangeText, expressions: readonly ExpressionRule[], firm: IsFirm): Finding[] {
    const places = new Places();
    for (const view of this.#phrases.isEmpty ? [] : viewsOfText(text)) {
      for (const { of, ...hit } of this.#phrases.find(view)) {
        if (firm(view, hit, true)) places.add(of, view.origin(hit.start, hit.end));
      }
    }
    if (expressions.length === 0) return places.findings(text.location);
    const views = viewsWithCaseOfText(text).filter((view) => view.text !== text.text);
    for (const view of [alignedView(text.text), ...views]) {
      for (const { rule, compiled } of expressions) {
        for (const match of placesOf(compiled.expression, view.text)) {
          if (!firm(view, match, compiled.looksAhead)) continue;
          if (!places.add(rule, view.origin(match.start, match.end))) break;
        }
      }
    }
    return places.findings(text.location);
  }

  #openExpressionFrom(piece: ExchangeText): number {
    if (this.#expressions.length === 0) return piece.text.length;
    const { views, encodedFrom } = partialViewsWithCase(piece);
    const whole = alignedView(piece.text);
    let from = encodedFrom;
    for (const { beginning } of this.#expressions.map(({ compiled }) => compiled)) {
      if (beginning === null) from = Math.min(from, Math.max(0, piece.text.length - MOST_HELD_UNITS));
      else {
        for (const view of [whole, ...views.filter(({ text }) => text !== whole.text)]) {
          from = Math.min(from, openOrigin(view, startOf(beginning, view.text), piece));
        }
      }
    }
    return from;
  }
}
