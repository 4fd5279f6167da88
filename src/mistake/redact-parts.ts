// Redacts texts that are read one behind the other, as the parts of one content are. Law: a secret that is split over two of them
// is taken out of both, and the offsets of each text can be found again.
import { redact, type Redaction } from "./redaction.ts";
import type { Replacement } from "./redaction-replacement.ts";

/** What is left of a text between what reaches in from before it and what reaches out behind it, redacted by itself. */
function redactBetween(text: string, cuts: readonly Replacement[]): Redaction {
  const start = cuts.find((cut) => cut.start === 0)?.end ?? 0;
  const end = cuts.find((cut) => cut.end === text.length)?.start ?? text.length;
  if (start >= end) {
    const [cut] = cuts;
    return cut === undefined
      ? redact(text)
      : { text: cut.placeholder, replacements: [{ ...cut, start: 0, end: text.length }] };
  }
  const between = redact(text.slice(start, end));
  const head = cuts.filter((cut) => cut.start === 0);
  const tail = cuts.filter((cut) => cut.start > 0);
  const placeholders = (of: readonly Replacement[]): string => of.map(({ placeholder }) => placeholder).join("");
  return {
    text: `${placeholders(head)}${between.text}${placeholders(tail)}`,
    replacements: [
      ...head,
      ...between.replacements.map((each) => ({ ...each, start: each.start + start, end: each.end + start })),
      ...tail,
    ],
  };
}

export function redactParts(texts: readonly string[]): readonly Redaction[] {
  if (texts.length < 2) return texts.map(redact);
  const { replacements } = redact(texts.join(""));
  let begin = 0;
  return texts.map((text) => {
    const [start, end] = [begin, begin + text.length];
    begin = end;
    const reaching = replacements.filter(
      (each) => each.start < end && each.end > start && (each.start < start || each.end > end),
    );
    if (reaching.length === 0) return redact(text);
    const cuts = reaching.map((each) => ({
      ...each,
      start: Math.max(0, each.start - start),
      end: Math.min(each.end, end) - start,
    }));
    return redactBetween(text, cuts);
  });
}
