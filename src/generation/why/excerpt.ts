// The words around a place, for a person who asks why. Law: bounded, well-formed, and cut out of what is stored, which is redacted.

export const MOST_EXCERPT_UNITS = 80;

export interface Excerpt {
  readonly before: string;
  readonly match: string;
  readonly after: string;
}

/** Long ones keep their two ends. */
function shortened(text: string): string {
  if (text.length <= MOST_EXCERPT_UNITS) return text;
  const half = MOST_EXCERPT_UNITS / 2;
  return `${text.slice(0, half - 1)}…${text.slice(text.length - half)}`;
}

/** null where the place lies outside the text. */
export function excerptOf(
  text: string,
  { start, end }: { readonly start: number; readonly end: number },
): Excerpt | null {
  if (start > end || end > text.length) return null;
  return {
    before: text.slice(Math.max(0, start - MOST_EXCERPT_UNITS), start).toWellFormed(),
    match: shortened(text.slice(start, end)).toWellFormed(),
    after: text.slice(end, end + MOST_EXCERPT_UNITS).toWellFormed(),
  };
}
