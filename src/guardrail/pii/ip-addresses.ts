// Finds addresses of the public internet, which tell a household or a machine (CJEU C-582/14, Breyer). Law: linear; private,
// local, reserved and documentation ranges are nobody's, and a version or a section of a book is no address.
import ipaddr from "ipaddr.js";
import type { Range } from "../normalise/text-view.ts";

const VERSION_4 = /(?<![\p{Script=Latin}\p{N}_.:/-])(?:\d{1,3}\.){3}\d{1,3}(?![\p{Script=Latin}\p{N}_/]|[.:-]\d)/gu;
/** RFC 4291 §2.4, as given out: global addresses lie in 2000::/3. */
const VERSION_6 =
  /(?<![\p{L}\p{N}_:.])[23][0-9A-Fa-f]{3}:(?:[0-9A-Fa-f]{0,4}:){1,6}[0-9A-Fa-f]{0,4}(?![\p{L}\p{N}_:.]*[\p{L}\p{N}_:])/gu;
const CALLED_OTHERWISE =
  /(?:\b(?:v|ver|version|versions|release|section|chapter|clause|article|firmware|build|update|oid)\b|版本|章|节)[^\d\n]{0,8}$/iu;
const CALLED = /(?:\bip(?:v[46])?\b|\baddress(?:es)?\b|\b(?:host|server|from|at|ping|dns)\b|地址)[^\d\n]{0,12}$/iu;
const CONTEXT_UNITS = 24;
/** An address has a part as large as that in 97 cases of 100; numbers of versions and sections seldom do. */
const LARGE_PART = 100;

function isPublic(address: string): boolean {
  return ipaddr.isValid(address) && ipaddr.parse(address).range() === "unicast";
}

function isVersion4(text: string, match: RegExpExecArray): boolean {
  const before = text.slice(Math.max(0, match.index - CONTEXT_UNITS), match.index);
  if (CALLED_OTHERWISE.test(before)) return false;
  return CALLED.test(before) || match[0].split(".").some((part) => Number(part) >= LARGE_PART);
}

export function ipAddresses(text: string): Range[] {
  const dotted = Array.from(text.matchAll(VERSION_4)).filter((match) => isVersion4(text, match));
  const colons = Array.from(text.matchAll(VERSION_6));
  return [...dotted, ...colons]
    .filter(([written]) => isPublic(written))
    .map((match) => ({ start: match.index, end: match.index + match[0].length }));
}
