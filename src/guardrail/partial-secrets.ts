// Secrets that may have begun at the end of a piece of which more may come. Law: what comes before a value, its name or what a
// vendor begins it with, is no part of a finding, so nothing is held before the value has begun.
import type { ExchangeText } from "./exchange.ts";
import type { TextView } from "./normalise/text-view.ts";
import { partialExpression } from "./partial-expression.ts";
import { openOrigin, partialViewsWithCase } from "./partial-views.ts";
import { DECIDING_UNITS, PLACEHOLDER_KEY, PLACEHOLDER_VALUE, SECRET_RULES, type SecretRule } from "./rules/secrets.ts";
import { SignIndex } from "./sign-index.ts";

interface PartialRule {
  readonly rule: SecretRule;
  /** matches to the end of the text, and tells where its groups are */
  readonly beginning: RegExp;
}

function partialRule(rule: SecretRule): PartialRule {
  const partial = partialExpression(rule.pattern.source, "$");
  // The rules are ours, and a test has them all.
  if (partial === null) throw new Error(`The pattern of ${rule.id} can't be read piece by piece.`);
  return { rule, beginning: new RegExp(partial.source, `${rule.pattern.flags.replace("g", "")}d`) };
}

const PARTIAL_RULES = SECRET_RULES.map(partialRule);
const SIGNS = new SignIndex(SECRET_RULES.map(({ signs }) => signs));

/** What is a placeholder already stays one. */
function isPlaceholder({ shape }: SecretRule, value: string): boolean {
  if (shape === "fixed") return false;
  return (shape === "key" ? PLACEHOLDER_KEY : PLACEHOLDER_VALUE).test(value.slice(0, DECIDING_UNITS));
}

/** The first unit of a value that has begun; the text's length if none has. */
function openInText({ rule, beginning }: PartialRule, text: string): number {
  const match = beginning.exec(text);
  if (match === null) return text.length;
  const named = match.indices?.groups?.["secret"];
  if (rule.lead === undefined && named === undefined) return text.length;
  const lead = rule.lead?.exec(match[0]);
  if (lead === null) return text.length;
  const from = named?.[0] ?? match.index + (lead?.[0].length ?? 0);
  return isPlaceholder(rule, text.slice(named?.[0] ?? match.index)) ? text.length : from;
}

function openInView(view: TextView): number {
  let from = view.text.length;
  const groups = SIGNS.groupsIn(view.text);
  if (groups === 0) return from;
  for (const [place, one] of PARTIAL_RULES.entries()) {
    if (((groups >> place) & 1) === 1) from = Math.min(from, openInText(one, view.text));
  }
  return from;
}

export function openSecretFrom(piece: ExchangeText): number {
  const { views, encodedFrom } = partialViewsWithCase(piece);
  return views.reduce((from, view) => Math.min(from, openOrigin(view, openInView(view), piece)), encodedFrom);
}
