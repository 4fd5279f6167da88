// Finds the national ids of rules/national-ids.ts. Law: linear; a number counts whole, with its check digit, and where its form
// alone says too little, behind its name.
import type { PiiRegion } from "../../policy/pii-policy.ts";
import type { Range } from "../normalise/text-view.ts";
import { NATIONAL_IDS, type NationalId } from "../rules/national-ids.ts";

interface Reader {
  readonly id: NationalId;
  readonly shaped: RegExp | null;
  readonly called: RegExp | null;
}

const CONTEXT_UNITS = 40;

/** Not part of anything longer. */
function whole(form: string): RegExp {
  return new RegExp(`(?<![\\p{Script=Latin}\\p{N}_/.-])(?:${form})(?![\\p{Script=Latin}\\p{N}_]|[./-]\\d)`, "gu");
}

const READERS: readonly Reader[] = NATIONAL_IDS.map((id) => ({
  id,
  shaped: id.shaped === null ? null : whole(id.shaped),
  called: id.called === null ? null : whole(id.called),
}));

function isNamed(text: string, place: number, name: RegExp | null): boolean {
  return name === null || name.test(text.slice(Math.max(0, place - CONTEXT_UNITS), place));
}

function* matchesIn(text: string, { id, shaped, called }: Reader): Generator<RegExpExecArray, void, undefined> {
  if (shaped !== null) yield* text.matchAll(shaped);
  if (called === null) return;
  for (const match of text.matchAll(called)) if (isNamed(text, match.index, id.name)) yield match;
}

export function nationalIds(text: string, regions: readonly PiiRegion[]): Range[] {
  return READERS.filter(({ id }) => regions.includes(id.region)).flatMap((reader) =>
    Array.from(matchesIn(text, reader)).flatMap((match) =>
      reader.id.validate(match[0]).isValid ? [{ start: match.index, end: match.index + match[0].length }] : [],
    ),
  );
}
