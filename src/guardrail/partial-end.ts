// The end of a piece of a text of which more may come: what of it can't be read before the next characters are there.
// Law: looks at the last units only; what ordinary texts end with costs a few steps.
import { isEncoding } from "./normalise/base64-segments.ts";

/** An escape whose rest has not come, and not one behind an escaped backslash (see normalise/escapes.ts). */
const CUT_ESCAPE = /(?<!\\)(?:\\\\)*(\\(?:u(?:[0-9a-fA-F]{0,3}|\{[0-9a-fA-F]{0,5})|x[0-9a-fA-F]?)?)$/;
const LONGEST_ESCAPE_UNITS = 9;
/**
 * As many characters of base64 must have come before a run of them counts as one: six bytes that read as text seldom come
 * about in words, addresses and numbers of versions.
 */
const FEWEST_ENCODED_UNITS = 8;
/** Words and paths are seldom written so (see `looksEncoded` in normalise/base64-segments.ts). */
const CAPITAL_OR_DIGIT = /[A-Z0-9]/;
/** The beginning tells. */
const MOST_DECODED_UNITS = 256;
const PRINTABLE_SHARE = 0.9;
const UNPRINTABLE = /[\p{Cc}\p{Cn}\p{Co}\ufffd]/gu;

/** Where a surrogate without its other half or an escape begins that the end of the text cuts; its length if none does. */
export function cutCharacterFrom(text: string): number {
  const last = text.charCodeAt(text.length - 1);
  if (last >= 0xd800 && last <= 0xdbff) return text.length - 1;
  const tail = text.slice(-LONGEST_ESCAPE_UNITS);
  if (!tail.includes("\\")) return text.length;
  // Backslashes before the tail decide whether its first one is escaped itself.
  let start = text.length - tail.length;
  while (start > 0 && text[start - 1] === "\\") start -= 1;
  const cut = CUT_ESCAPE.exec(text.slice(start))?.[1];
  return text.length - (cut?.length ?? 0);
}

function readsAsText(run: string): boolean {
  const characters = run.replaceAll("-", "+").replaceAll("_", "/");
  const bytes = Uint8Array.from(atob(characters.slice(0, characters.length & ~3)), (byte) => byte.charCodeAt(0));
  // The last character may be one of several bytes of which the others have not come.
  const text = new TextDecoder().decode(bytes, { stream: true });
  const unprintable = text.match(UNPRINTABLE)?.filter((sign) => !/\s/.test(sign)).length ?? 0;
  return text.length > 0 && unprintable <= text.length * (1 - PRINTABLE_SHARE);
}

/** Where a run of base64 begins that may go on; the text's length if there is none. */
export function encodedRunFrom(text: string): number {
  let start = text.length;
  while (start > 0 && isEncoding(text.charCodeAt(start - 1))) start -= 1;
  if (text.length - start < FEWEST_ENCODED_UNITS) return text.length;
  const run = text.slice(start, start + MOST_DECODED_UNITS);
  return CAPITAL_OR_DIGIT.test(run.slice(1)) && readsAsText(run) ? start : text.length;
}
