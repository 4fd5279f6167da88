// Finds e-mail addresses. Law: linear; looks around each «@», so text without one costs nothing.
import type { Range } from "../normalise/text-view.ts";

// RFC 5321 §4.5.3.1: 64 octets before the «@», 255 after it. Letters of any script may be used (RFC 6531).
const LOCAL_CHARACTER = /[\p{L}\p{N}\p{M}.!#$%&'*+/=?^_`{|}~-]/u;
// Scripts without blanks: an address in Latin letters begins where they end («请写信至anna@example.org»).
const BLANKLESS = /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Thai}]/u;
const MAXIMUM_LOCAL_UNITS = 64;
const DOMAIN = /@(?:[\p{L}\p{N}](?:[\p{L}\p{N}-]{0,61}[\p{L}\p{N}])?\.){1,8}[\p{L}]{2,24}(?![\p{L}\p{N}])/uy;
// The end of an address in Latin letters within a sentence of a script without blanks.
const LATIN_DOMAIN = /@(?:[A-Za-z0-9](?:[A-Za-z0-9-]{0,61}[A-Za-z0-9])?\.){1,8}[A-Za-z]{2,24}(?![A-Za-z0-9])/y;
const EDGE_SIGNS = /^[.!#$%&'*/=?^`{|}~-]+/;

function domainAt(text: string, at: number): string | null {
  for (const form of [LATIN_DOMAIN, DOMAIN]) {
    form.lastIndex = at;
    const domain = form.exec(text)?.[0];
    if (domain !== undefined && (form === DOMAIN || BLANKLESS.test(text.charAt(at + domain.length)))) return domain;
  }
  return null;
}

export function emailAddresses(text: string): Range[] {
  const found: Range[] = [];
  let done = 0;
  for (let at = text.indexOf("@"); at >= 0; at = text.indexOf("@", at + 1)) {
    const isLocal = (sign: string): boolean =>
      LOCAL_CHARACTER.test(sign) && (!BLANKLESS.test(sign) || BLANKLESS.test(text.charAt(at - 1)));
    let start = at;
    while (start > done && at - start < MAXIMUM_LOCAL_UNITS && isLocal(text.charAt(start - 1))) start -= 1;
    // Quotation marks and the like that stand before the address are not its beginning.
    start += EDGE_SIGNS.exec(text.slice(start, at))?.[0].length ?? 0;
    if (start === at || text[at - 1] === ".") continue;
    const domain = domainAt(text, at);
    if (domain === null) continue;
    done = at + domain.length;
    found.push({ start, end: done });
  }
  return found;
}
