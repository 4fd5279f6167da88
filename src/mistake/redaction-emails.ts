// Finds e-mail addresses. Law: linear; looks around each «@», so text without one costs nothing.

interface Range {
  readonly start: number;
  readonly end: number;
}

// RFC 5321 §4.5.3.1: 64 octets before the «@», 255 after it. Letters of any script may be used (RFC 6531).
const LOCAL_CHARACTER = /[\p{L}\p{N}\p{M}.!#$%&'*+/=?^_`{|}~-]/u;
const MAXIMUM_LOCAL_UNITS = 64;
const DOMAIN = /@(?:[\p{L}\p{N}](?:[\p{L}\p{N}-]{0,61}[\p{L}\p{N}])?\.){1,8}[\p{L}]{2,24}(?![\p{L}\p{N}])/uy;
const EDGE_SIGNS = /^[.!#$%&'*/=?^`{|}~-]+/;

export function emailAddresses(text: string): Range[] {
  const found: Range[] = [];
  let done = 0;
  for (let at = text.indexOf("@"); at >= 0; at = text.indexOf("@", at + 1)) {
    let start = at;
    while (start > done && at - start < MAXIMUM_LOCAL_UNITS && LOCAL_CHARACTER.test(text.charAt(start - 1))) start -= 1;
    // Quotation marks and the like that stand before the address are not its beginning.
    start += EDGE_SIGNS.exec(text.slice(start, at))?.[0].length ?? 0;
    if (start === at || text[at - 1] === ".") continue;
    DOMAIN.lastIndex = at;
    const domain = DOMAIN.exec(text);
    if (domain === null) continue;
    done = at + domain[0].length;
    found.push({ start, end: done });
  }
  return found;
}
