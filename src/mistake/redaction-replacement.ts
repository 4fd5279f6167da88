// What redaction put in the place of what, and how a place of the original is found again in the redacted text.
// Law: a span never points into the middle of a placeholder: it covers what it cut into.
import type { PiiKind } from "../policy/pii-policy.ts";

export type RedactedKind = "secret" | PiiKind;

export const PLACEHOLDERS = {
  secret: "[secret]",
  email: "[email]",
  phone: "[phone]",
  card: "[card]",
  iban: "[iban]",
  ip: "[ip]",
  national_id: "[national_id]",
  birth_date: "[birth_date]",
} as const;

/** [start, end) of the original, in UTF-16 code units, which `placeholder` stands for. */
export interface Replacement {
  readonly kind: RedactedKind;
  readonly start: number;
  readonly end: number;
  readonly placeholder: string;
}

function movedOffset(offset: number, edge: "start" | "end", replacements: readonly Replacement[]): number {
  let moved = offset;
  for (const { start, end, placeholder } of replacements) {
    if (offset <= start) break;
    if (offset < end) return moved - (offset - start) + (edge === "start" ? 0 : placeholder.length);
    moved += placeholder.length - (end - start);
  }
  return moved;
}

/** A span of the original (a finding's, say) as a span of the redacted text. */
export function redactedSpan<S extends { readonly start: number; readonly end: number }>(
  span: S,
  replacements: readonly Replacement[],
): S {
  const start = movedOffset(span.start, "start", replacements);
  const end = span.end === span.start ? start : movedOffset(span.end, "end", replacements);
  return { ...span, start, end };
}
