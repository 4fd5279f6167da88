// Redaction: takes secrets, e-mail addresses, telephone and payment-card numbers out of a text before anything is stored.
// Law: linear, idempotent, and every offset of the original can be found again in the redacted text.
import { findSecrets } from "../guardrail/secrets.ts";
import { cardNumbers } from "./redaction-cards.ts";
import { emailAddresses } from "./redaction-emails.ts";
import { phoneNumbers } from "./redaction-phones.ts";
import { PLACEHOLDERS, type RedactedKind, type Replacement } from "./redaction-replacement.ts";

/** Changes with every change of what is found; stored with what was redacted. */
export const REDACTION_VERSION = "2026-11-23";

export interface Redaction {
  readonly text: string;
  /** in order, none overlapping another */
  readonly replacements: readonly Replacement[];
}

interface Range {
  readonly start: number;
  readonly end: number;
}

/**
 * One after the other, each over what the earlier ones left: a key may hold digits that look like a card, never the other way.
 * That the last one reads a text that a second pass would read again is what makes redaction idempotent.
 */
const FINDERS: readonly (readonly [kind: RedactedKind, find: (text: string) => Iterable<Range>])[] = [
  ["secret", findSecrets],
  ["email", emailAddresses],
  ["card", cardNumbers],
  ["phone", phoneNumbers],
];

const TOUCHED_BEFORE = /\[(?:secret|email|card|phone)\]$/;
const TOUCHED_AFTER = /^\[(?:secret|email|card|phone)\]/;
const LONGEST_PLACEHOLDER_UNITS = 8;

/** What touches a placeholder stays: before there was a placeholder it was part of something longer, and was left alone. */
function touchesPlaceholder(text: string, { start, end }: Range): boolean {
  return (
    TOUCHED_BEFORE.test(text.slice(Math.max(0, start - LONGEST_PLACEHOLDER_UNITS), start)) ||
    TOUCHED_AFTER.test(text.slice(end, end + LONGEST_PLACEHOLDER_UNITS))
  );
}

function withoutOverlaps(ranges: Iterable<Range>): Range[] {
  const kept: Range[] = [];
  for (const range of [...ranges].sort((left, right) => left.start - right.start)) {
    if (range.start >= (kept.at(-1)?.end ?? 0)) kept.push(range);
  }
  return kept;
}

/** @param ranges found in the text as `replacements` leave it */
function merged(replacements: readonly Replacement[], ranges: readonly Range[], kind: RedactedKind): Replacement[] {
  const placeholder = PLACEHOLDERS[kind];
  const all: Replacement[] = [];
  let done = 0;
  let shift = 0;
  for (const { start, end } of ranges) {
    for (let next = replacements[done]; next !== undefined && next.start - shift < start; next = replacements[done]) {
      all.push(next);
      shift += next.end - next.start - next.placeholder.length;
      done += 1;
    }
    all.push({ kind, start: start + shift, end: end + shift, placeholder });
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

export function redact(text: string): Redaction {
  let replacements: readonly Replacement[] = [];
  let redacted = text;
  for (const [kind, find] of FINDERS) {
    const current = redacted;
    const ranges = withoutOverlaps(find(current)).filter((range) => !touchesPlaceholder(current, range));
    if (ranges.length === 0) continue;
    replacements = merged(replacements, ranges, kind);
    redacted = applied(text, replacements);
  }
  return { text: redacted, replacements };
}
