// Redaction: takes secrets and personal data of every kind that is known by its form out of a text before anything is stored,
// whatever a policy looks for in answers. Law: linear, idempotent, and every offset of the original can be found again.
import type { TextView } from "../guardrail/normalise/text-view.ts";
import { viewsOf } from "../guardrail/normalise/views.ts";
import { birthDates } from "../guardrail/pii/birth-dates.ts";
import { cardNumbers } from "../guardrail/pii/card-numbers.ts";
import { emailAddresses } from "../guardrail/pii/email-addresses.ts";
import { ibanNumbers } from "../guardrail/pii/iban-numbers.ts";
import { ipAddresses } from "../guardrail/pii/ip-addresses.ts";
import { nationalIds } from "../guardrail/pii/national-ids.ts";
import { phoneNumbers } from "../guardrail/pii/phone-numbers.ts";
import { findSecrets } from "../guardrail/secrets.ts";
import { Remembered } from "../guardrail/remembered.ts";
import { PII_REGIONS } from "../policy/pii-policy.ts";
import { PLACEHOLDERS, type RedactedKind, type Replacement } from "./redaction-replacement.ts";

export interface Redaction {
  readonly text: string;
  /** in order, none overlapping another */
  readonly replacements: readonly Replacement[];
}

interface Range {
  readonly start: number;
  readonly end: number;
}

type Find = (text: string) => Iterable<Range>;

/** Of every script, since finders may read digits of other scripts. */
const DIGIT = /\p{Nd}/u;

/** Most answers hold no digit at all, and these finders are most of redaction's cost. */
const ofDigits =
  (find: Find): Find =>
  (text) =>
    DIGIT.test(text) ? find(text) : [];

/** One after the other, each over what the earlier ones left: a key may hold digits that look like a card, never the other way. */
const FINDERS: readonly (readonly [kind: RedactedKind, find: Find])[] = [
  ["secret", findSecrets],
  ["email", emailAddresses],
  ["iban", ofDigits(ibanNumbers)],
  ["card", ofDigits(cardNumbers)],
  ["birth_date", ofDigits(birthDates)],
  ["national_id", ofDigits((text) => nationalIds(text, PII_REGIONS))],
  // What looks like a number of a telephone is not kept, whether or not any country gives it out.
  ["phone", ofDigits(phoneNumbers)],
  ["ip", ofDigits(ipAddresses)],
];

/** Taking one thing out may uncover another; rounds go on until one finds nothing. Contrived texts needed three. */
const MAXIMUM_ROUNDS = 8;

function withoutOverlaps(ranges: Iterable<Range>): Range[] {
  const kept: Range[] = [];
  for (const range of [...ranges].sort((left, right) => left.start - right.start)) {
    if (range.start >= (kept.at(-1)?.end ?? 0)) kept.push(range);
  }
  return kept;
}

/** @param ranges found in the text as `replacements` leave it; one that covers earlier replacements takes their place */
function merged(replacements: readonly Replacement[], ranges: readonly Range[], kind: RedactedKind): Replacement[] {
  const all: Replacement[] = [];
  let done = 0;
  let shift = 0;
  const passUntil = (place: number, keep: boolean): void => {
    for (let next = replacements[done]; next !== undefined && next.start - shift < place; next = replacements[done]) {
      if (keep) all.push(next);
      shift += next.end - next.start - next.placeholder.length;
      done += 1;
    }
  };
  for (const range of ranges) {
    passUntil(range.start, true);
    const start = range.start + shift;
    passUntil(range.end, false);
    all.push({ kind, start, end: range.end + shift, placeholder: PLACEHOLDERS[kind] });
  }
  return [...all, ...replacements.slice(done)];
}

function applied(text: string, replacements: readonly Replacement[]): string {
  const parts: string[] = [];
  let done = 0;
  for (const { start, end, placeholder } of replacements) {
    parts.push(text.slice(done, start), placeholder);
    done = end;
  }
  parts.push(text.slice(done));
  return parts.join("");
}

/**
 * What is found in the text as it stands, and in the views by which the guardrails read it (zero-width characters, look-alike
 * letters, base64): a secret that was flagged in disguise must not be stored in it.
 */
function* disguisedToo(text: string, views: readonly TextView[], find: Find): Generator<Range, void, undefined> {
  yield* find(text);
  for (const view of views) {
    if (view.text === text) continue;
    for (const { start, end } of find(view.text)) yield view.origin(start, end);
  }
}

function redactOnce(text: string, before: Redaction): Redaction {
  let { text: redacted, replacements } = before;
  let views = viewsOf(redacted, { keepCase: true });
  for (const [kind, find] of FINDERS) {
    const ranges = withoutOverlaps(disguisedToo(redacted, views, find));
    if (ranges.length === 0) continue;
    replacements = merged(replacements, ranges, kind);
    redacted = applied(text, replacements);
    views = viewsOf(redacted, { keepCase: true });
  }
  return { text: redacted, replacements };
}

function redactWhole(text: string): Redaction {
  let redaction: Redaction = { text, replacements: [] };
  for (let round = 0; round < MAXIMUM_ROUNDS; round += 1) {
    const next = redactOnce(text, redaction);
    if (next.replacements === redaction.replacements) break;
    redaction = next;
  }
  return redaction;
}

/** System prompts, and the names of fields, are the same in many exchanges. In memory only, as the request itself is. */
const REMEMBERED_TEXTS = 64;
const MOST_REMEMBERED_UNITS = 8_192;
const remembered = new Remembered(REMEMBERED_TEXTS, redactWhole);

export function redact(text: string): Redaction {
  return text.length <= MOST_REMEMBERED_UNITS ? remembered.get(text) : redactWhole(text);
}

/** The text as it may be stored. Lone surrogates become U+FFFD, since UTF-8 can't hold them. */
export function redactedText(text: string): string {
  return redact(text.toWellFormed()).text;
}
