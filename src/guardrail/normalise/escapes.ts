// Escapes of JSON and of programming languages read as what they stand for (RFC 8259 section 7: «\u4e2d», «\n», «\"»), since
// the arguments of a tool call are JSON. Law: no view where nothing is escaped; one level at a time.
import type { TextView } from "./text-view.ts";
import { ViewBuilder } from "./view-builder.ts";

const ESCAPE = /\\(?:u([0-9a-fA-F]{4})|u\{([0-9a-fA-F]{1,5})\}|x([0-9a-fA-F]{2})|([nrtbf"'\\/]))/g;
const SHORT: Readonly<Record<string, string>> = { n: "\n", r: "\r", t: "\t", b: "\b", f: "\f" };

function unescaped([, four, braced, two, sign = ""]: RegExpExecArray): string {
  const digits = four ?? braced ?? two;
  return digits === undefined ? (SHORT[sign] ?? sign) : String.fromCodePoint(Number.parseInt(digits, 16));
}

export function unescapedView(text: string): TextView | null {
  if (!text.includes("\\")) return null;
  const builder = new ViewBuilder();
  let place = 0;
  for (const match of text.matchAll(ESCAPE)) {
    builder.copy(text.slice(place, match.index), place);
    place = match.index + match[0].length;
    const character = unescaped(match);
    for (let unit = 0; unit < character.length; unit += 1) {
      builder.unit(character.charCodeAt(unit), match.index, place);
    }
  }
  if (place === 0) return null;
  builder.copy(text.slice(place), place);
  return builder.view("folded");
}
