// A rule of the operator, and how it is compiled. Law: expressions run in RE2 (linear by construction), phrases word by word;
// a rule that can't be compiled is told with its path, never dropped.
import { RE2JS, RE2JSException } from "re2js";
import { err, ok, type Result } from "../lib/result.ts";
import { type Category, isCategory } from "../policy/category.ts";
import type { OperatorRule } from "../policy/policy.ts";
import { type PartialExpression, partialExpression } from "./partial-expression.ts";
import { hasWords } from "./phrase-book.ts";
import type { Side } from "./verdict.ts";

export interface OperatorRuleFault {
  /** for example `rules[2].expression` */
  readonly path: string;
  /** what is wrong and what to do */
  readonly message: string;
}

export interface CompiledRule {
  readonly id: string;
  readonly message: string;
  readonly category: Category;
  readonly sides: readonly Side[];
  readonly matcher: { readonly phrase: string } | CompiledExpression;
}

export interface CompiledExpression {
  readonly expression: RE2JS;
  /** what may still become a match, at the end of a text of which more may come; null where that can't be told */
  readonly beginning: RE2JS | null;
  /** whether what stands behind a match decides about it; so may one of which nothing is known */
  readonly looksAhead: boolean;
  /** whether it speaks of the beginning of the text, which a piece does not show */
  readonly isAnchored: boolean;
}

const MAXIMUM_EXPRESSION_UNITS = 2_000;
const MAXIMUM_PHRASE_UNITS = 500;

const ANCHOR = /\\A|(?<!\[)\^/;

function beginningOf(partial: PartialExpression | null): RE2JS | null {
  try {
    return partial && RE2JS.compile(partial.source, RE2JS.CASE_INSENSITIVE);
  } catch (error) {
    // It grows with what it is made from, and the engine has a limit.
    if (error instanceof RE2JSException) return null;
    throw error;
  }
}

function compileExpression(source: string): Result<CompiledExpression, string> {
  if (source.length > MAXIMUM_EXPRESSION_UNITS) return err(`Shorten it to ${MAXIMUM_EXPRESSION_UNITS} characters.`);
  try {
    const expression = RE2JS.compile(source, RE2JS.CASE_INSENSITIVE);
    if (expression.test(""))
      return err("It matches the empty text and would flag everything: make it need a character.");
    const partial = partialExpression(source, "\\z");
    const isAnchored = ANCHOR.test(source);
    return ok({
      expression,
      beginning: beginningOf(partial),
      looksAhead: partial?.looksAhead ?? true,
      isAnchored,
    });
  } catch (error) {
    if (!(error instanceof RE2JSException)) throw error;
    return err(`${error.message}. Write it in RE2 syntax, which has no look-around and no back-references.`);
  }
}

function phraseFault(phrase: string): string | null {
  if (phrase.length > MAXIMUM_PHRASE_UNITS) return `Shorten it to ${MAXIMUM_PHRASE_UNITS} characters.`;
  return hasWords(phrase) ? null : "It has no letter and no digit: write an expression to match signs.";
}

function matcherOf(
  { phrase, expression }: OperatorRule,
  path: string,
): Result<CompiledRule["matcher"], OperatorRuleFault> {
  if (phrase !== undefined && expression === undefined) {
    const message = phraseFault(phrase);
    return message === null ? ok({ phrase }) : err({ path: `${path}.phrase`, message });
  }
  if (phrase === undefined && expression !== undefined) {
    const compiled = compileExpression(expression);
    return compiled.ok ? compiled : err({ path: `${path}.expression`, message: compiled.error });
  }
  return err({ path, message: "Give either a phrase or an expression." });
}

export function compileRule(rule: OperatorRule, path: string): Result<CompiledRule, OperatorRuleFault> {
  const { id, message, category = `custom:${rule.id}`, sides = ["output"] } = rule;
  if (!/^[a-z0-9_-]{1,64}$/.test(id)) {
    return err({ path: `${path}.id`, message: "Use 1 to 64 of a–z, 0–9, «-» and «_»." });
  }
  if (!isCategory(category)) {
    return err({
      path: `${path}.category`,
      message: `"${category}" is no category: use a known one or custom:<name>.`,
    });
  }
  const matcher = matcherOf(rule, path);
  return matcher.ok ? ok({ id, message, category, sides, matcher: matcher.value }) : matcher;
}
