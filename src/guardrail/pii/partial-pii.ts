// Personal data that may have begun at the end of a piece of which more may come. Law: the word in work may become an address,
// and digits in groups a number, so both wait for what follows them; looks at the last units only.
import type { ExchangeText } from "../exchange.ts";
import { MOST_HELD_UNITS } from "../guardrail.ts";
import type { Range } from "../normalise/text-view.ts";
import { openOrigin, partialViewsWithCase } from "../partial-views.ts";
import { findPii, type PiiForms } from "./find-pii.ts";

const LONGEST_DATE_UNITS = 16;

/** What an address or a number goes on with; scripts without blanks end it. */
const SIGN = "[^\\s\\p{Script=Han}\\p{Script=Hiragana}\\p{Script=Katakana}\\p{Script=Thai}\\u3000-\\u303f]";
const WORD_AT_END = new RegExp(`${SIGN}+$`, "u");
/** An address whose domain is in work, in letters of any script. */
const ADDRESS_AT_END = /[^\s@]{0,64}@[\p{L}\p{N}.-]*$/u;

const MONTH = "(?:[Jj]an|[Ff]eb|[Mm]ar|[Aa]pr|[Mm]ay|[Jj]u[nl]|[Aa]ug|[Ss]ep|[Oo]ct|[Nn]ov|[Dd]ec)[a-z]{0,6}";
/** A group before it with its separators: with a digit in it, the capitals of an account or id, or of a date. */
const GROUP_AT_END = new RegExp(
  `(?:${SIGN}*\\d${SIGN}*|(?<![A-Za-z])[A-Z]{1,6}|(?<![A-Za-z])(?:${MONTH}[.,]{0,2}|of)),?[ ./()+-]{1,4}$`,
  "u",
);
/** Which words go on with a number before them: digits, capitals, the beginning of a month's name, the sign of a sum. */
const GOES_ON = new RegExp(`^(?:[-+*/=^×÷(]{0,3}|.*\\d.*|[A-Z]{1,6}|[A-Za-z]{1,2}|${MONTH}[.,]{0,2})$`, "u");

function beginningAtEnd(text: string): number {
  // Dates in Chinese have their digits between Han characters: «1990年5月3日».
  const dated = /\d{4}年(?:\d{1,2}(?:月(?:\d{0,2})?)?)?$/.exec(text.slice(-LONGEST_DATE_UNITS));
  if (dated !== null) return text.length - dated[0].length;
  const tail = text.slice(-MOST_HELD_UNITS);
  const address = ADDRESS_AT_END.exec(tail);
  if (address !== null) return text.length - tail.length + address.index;
  const word = WORD_AT_END.exec(tail)?.[0] ?? "";
  let open = tail.length - word.length;
  if (!GOES_ON.test(word)) return text.length - word.length;
  for (let group = GROUP_AT_END.exec(tail.slice(0, open)); group !== null;) {
    open -= group[0].length;
    group = GROUP_AT_END.exec(tail.slice(0, open));
  }
  return text.length - (tail.length - open);
}

/**
 * The first unit of the text that may belong to something that is not complete; its length if there is none. What was found
 * and reaches into it is not complete either.
 */
export function openPiiIn(text: string, found: readonly Range[]): number {
  const open = beginningAtEnd(text);
  return found.reduce((from, { start, end }) => (end > open ? Math.min(from, start) : from), open);
}

export function openPiiFrom(piece: ExchangeText, forms: PiiForms): number {
  const { views, encodedFrom } = partialViewsWithCase(piece);
  return views.reduce(
    (from, view) => Math.min(from, openOrigin(view, openPiiIn(view.text, findPii(view.text, forms)), piece)),
    encodedFrom,
  );
}
