// Stretches of a text that are base64 or base64url of another text. Law: only what decodes to mostly printable UTF-8 counts,
// and no segment is decoded beyond a fixed size.
import type { Range } from "./text-view.ts";

export interface EncodedSegment extends Range {
  readonly decoded: string;
}

const MAXIMUM_SEGMENT_UNITS = 65_536;
const PRINTABLE_SHARE = 0.9;
// A line of MIME base64 has 76 characters, of PEM 64 (RFC 2045 §6.8, RFC 7468 §2); shorter lines end a segment.
const SHORTEST_WRAPPED_LINE = 60;

/** Text encodes to mixed case or digits; plain words and paths do not look like that. */
function looksEncoded(segment: string): boolean {
  return /[a-z]/.test(segment) && /[A-Z]/.test(segment) && !/^[A-Z]?[a-z]+$/.test(segment);
}

function decode(segment: string): string | null {
  const characters = segment
    .slice(0, MAXIMUM_SEGMENT_UNITS)
    .replaceAll("-", "+")
    .replaceAll("_", "/")
    .replace(/=+$/, "");
  // A last group of one character carries no byte (RFC 4648 §4).
  const whole = characters.length % 4 === 1 ? characters.slice(0, -1) : characters;
  const bytes = Uint8Array.from(atob(whole), (character) => character.charCodeAt(0));
  const text = new TextDecoder().decode(bytes);
  const unprintable =
    text.match(/[\p{Cc}\p{Cn}\p{Co}\ufffd]/gu)?.filter((character) => !/\s/.test(character)).length ?? 0;
  return text.length > 0 && unprintable <= text.length * (1 - PRINTABLE_SHARE) ? text : null;
}

const ENCODING = Uint8Array.from({ length: 0x80 }, (_, code) =>
  /[A-Za-z0-9+/_-]/.test(String.fromCharCode(code)) ? 1 : 0,
);

export function isEncoding(code: number): boolean {
  return ENCODING[code] === 1;
}

/** Runs of at least `minimumUnits` characters of either alphabet. Looks at every n-th unit only: a longer run has one of them. */
function runsOf(text: string, minimumUnits: number): Range[] {
  const runs: Range[] = [];
  for (let place = minimumUnits - 1; place < text.length; place += minimumUnits) {
    if (!isEncoding(text.charCodeAt(place))) continue;
    let start = place;
    while (start > 0 && isEncoding(text.charCodeAt(start - 1)) && place - start < minimumUnits) start -= 1;
    let end = place + 1;
    while (end < text.length && isEncoding(text.charCodeAt(end))) end += 1;
    if (end - start >= minimumUnits) runs.push({ start, end });
    // The next run begins after this one; step so that the loop looks at the unit `minimumUnits` further.
    place = end;
  }
  return runs;
}

interface Run {
  readonly start: number;
  end: number;
  characters: string;
  lastLineUnits: number;
}

/** Lines of wrapped base64 belong together. */
function joinedRuns(text: string, minimumUnits: number): Run[] {
  const runs: Run[] = [];
  for (const { start, end } of runsOf(text, minimumUnits)) {
    const characters = text.slice(start, end);
    const previous = runs.at(-1);
    const isNextLine =
      previous !== undefined &&
      previous.lastLineUnits >= SHORTEST_WRAPPED_LINE &&
      /^\r?\n$/.test(text.slice(previous.end, Math.min(start, previous.end + 3)));
    if (isNextLine) {
      previous.characters += characters;
      previous.end = end;
      previous.lastLineUnits = end - start;
    } else runs.push({ start, end, characters, lastLineUnits: end - start });
  }
  return runs;
}

/** @param minimumUnits shortest run that is tried: 20 characters carry 15 bytes */
export function base64Segments(text: string, minimumUnits = 20): EncodedSegment[] {
  return joinedRuns(text, minimumUnits).flatMap(({ start, end, characters }) => {
    const decoded = looksEncoded(characters) ? decode(characters) : null;
    return decoded === null ? [] : [{ start, end, decoded }];
  });
}
