// Finds secrets in a text, and the guardrail that lets no answer carry one out.
// Law: a secret that the user said himself is no leak; what looks like a placeholder of documentation is no secret.
import { isDrawnByChance } from "./drawn-by-chance.ts";
import type { Exchange, ExchangeText } from "./exchange.ts";
import type { FastGuardrail } from "./guardrail.ts";
import type { Range, TextView } from "./normalise/text-view.ts";
import { viewsWithCaseOfText } from "./normalise/views.ts";
import { openSecretFrom } from "./partial-secrets.ts";
import { isAtEnd } from "./partial-views.ts";
import {
  DECIDING_UNITS,
  PLACEHOLDER_KEY,
  PLACEHOLDER_VALUE,
  SECRET_RULES,
  SECRETS_VERSION,
  type SecretRule,
} from "./rules/secrets.ts";
import { SignIndex } from "./sign-index.ts";
import type { Finding } from "./verdict.ts";
import { judged } from "./verdicts.ts";

export interface FoundSecret extends Range {
  readonly rule: SecretRule;
  readonly secret: string;
  /** where what its vendor begins it with ends */
  readonly leadEnd: number;
  /** where what was read for the value ends: signs behind it may belong to it or to a sentence */
  readonly readTo: number;
}

// English prose has about 2.5 bits a character within a word of this length, hexadecimal digits up to 4, base64 up to 6;
// short random strings measure lower because characters seldom repeat.
const MINIMUM_BITS_A_CHARACTER = 2.8;
const MAXIMUM_FINDINGS = 100;

const SIGNS = new SignIndex(SECRET_RULES.map(({ signs }) => signs));

function bitsACharacter(text: string): number {
  const counts = new Map<string, number>();
  for (const character of text) counts.set(character, (counts.get(character) ?? 0) + 1);
  let bits = 0;
  for (const count of counts.values()) bits -= (count / text.length) * Math.log2(count / text.length);
  return bits;
}

function counts({ shape, specimen }: SecretRule, secret: string): boolean {
  if (shape === "fixed") return specimen?.test(secret) !== true;
  const value = secret.slice(0, DECIDING_UNITS);
  if (bitsACharacter(value) < MINIMUM_BITS_A_CHARACTER) return false;
  if (shape === "key") return !PLACEHOLDER_KEY.test(value);
  return /[A-Za-z]/.test(value) && /[0-9]/.test(value) && !PLACEHOLDER_VALUE.test(value) && isDrawnByChance(value);
}

/** A name before a bracket is a call: «token = jwt.sign2(…)». */
function isCall({ shape }: SecretRule, secret: string, next: string | undefined): boolean {
  return shape === "chosen" && next === "(" && /^[\w$.]+$/.test(secret);
}

function leadUnits({ lead }: SecretRule, secret: string): number {
  return lead?.exec(secret)?.[0].length ?? 0;
}

/** Secrets in one text as it stands, rule by rule. */
export function* findSecrets(text: string): Generator<FoundSecret, void, undefined> {
  const groups = SIGNS.groupsIn(text);
  if (groups === 0) return;
  for (const [place, rule] of SECRET_RULES.entries()) {
    if (((groups >> place) & 1) === 0) continue;
    for (const match of text.matchAll(rule.pattern)) {
      const read = match.groups?.["secret"] ?? match[0];
      // A sentence may end right behind the value.
      const secret = match.groups === undefined ? read : read.replace(/[.,;:!?)]+$/, "");
      if (!counts(rule, secret)) continue;
      const start = match.index + match[0].lastIndexOf(read);
      const end = start + secret.length;
      if (isCall(rule, secret, text[end])) continue;
      yield { rule, secret, start, end, leadEnd: start + leadUnits(rule, secret), readTo: start + read.length };
    }
  }
}

function isWithin(rule: string, { start, end }: Range, known: Finding): boolean {
  return known.rule === rule && known.span !== null && known.span.start <= start && end <= known.span.end;
}

/** Of a view in which more may come: a value that has reached its end may become longer, and a placeholder. */
function isDecided({ secret, readTo }: FoundSecret, view: TextView, text: string): boolean {
  return secret.length >= DECIDING_UNITS || !isAtEnd(text, view.origin(readTo - 1, readTo).end);
}

function findingsIn(text: ExchangeText, said: readonly string[], isPiece: boolean): Finding[] {
  const { location } = text;
  const findings: Finding[] = [];
  for (const view of viewsWithCaseOfText(text)) {
    for (const found of findSecrets(view.text)) {
      const { rule, secret, leadEnd, end } = found;
      if (said.some((one) => one.includes(secret))) continue;
      if (isPiece && !isDecided(found, view, text.text)) continue;
      const span = { location, ...view.origin(leadEnd, end) };
      // The same secret may stand in several views.
      if (findings.some((known) => isWithin(rule.id, span, known))) continue;
      findings.push({ rule: rule.id, category: "S7", span, message: rule.message });
      if (findings.length >= MAXIMUM_FINDINGS) return findings;
    }
  }
  return findings;
}

function userTexts({ conversation }: Exchange): string[] {
  return conversation.filter(({ role }) => role === "user").map(({ text }) => text);
}

export function createSecretsGuardrail(): FastGuardrail {
  const identity = { id: "secrets", version: SECRETS_VERSION };
  return {
    ...identity,
    sides: ["output"],
    categories: ["S7"],
    check: (exchange, side) => {
      const said = userTexts(exchange);
      return judged(
        identity,
        side,
        exchange.answer.flatMap((text) => findingsIn(text, said, false)),
      );
    },
    glimpse: (piece, exchange) => ({
      findings: findingsIn(piece, userTexts(exchange), true),
      openFrom: openSecretFrom(piece),
    }),
  };
}
