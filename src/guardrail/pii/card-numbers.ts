// Finds payment-card numbers. Law: linear; a number counts only with a card's first digits, grouping and check digit.
import type { Range } from "../normalise/text-view.ts";

// Digits in one run, or in groups with one blank, dot or hyphen between them; whole, so that no longer number has a card inside.
const CANDIDATE =
  /(?<![\p{Script=Latin}\p{N}_.,/+-])\d{4}(?:\d{9,15}|[ .-]\d{4}[ .-]\d{4}[ .-]\d{1,7}(?:[ -]\d{1,3})?|[ -]\d{6}[ -]\d{4,5})(?![\p{Script=Latin}\p{N}_/-]|[.,:]\d)/gu;

// ISO/IEC 7812 ranges in use: American Express 34, 37; Diners 30, 36, 38; JCB 35; Visa 4; Mastercard 51–55, 2221–2720;
// Maestro 50, 56–58, 6; Discover and UnionPay 6. With them, chance lets 4 in 100 other numbers of this length through.
const ISSUER = /^(?:3[0-8]|4|5[0-8]|6|222[1-9]|22[3-9]|2[3-6]|27[01]|2720)/;

/** Luhn's check digit, ISO/IEC 7812-1 annex B. */
function hasCheckDigit(digits: string): boolean {
  let sum = 0;
  for (let place = 0; place < digits.length; place += 1) {
    const digit = digits.charCodeAt(digits.length - 1 - place) - 48;
    const doubled = place % 2 === 0 ? digit : digit * 2;
    sum += doubled > 9 ? doubled - 9 : doubled;
  }
  return sum % 10 === 0;
}

export function cardNumbers(text: string): Range[] {
  return Array.from(text.matchAll(CANDIDATE)).flatMap((match) => {
    const digits = match[0].replace(/[ .-]/g, "");
    const isCard = digits.length >= 13 && digits.length <= 19 && ISSUER.test(digits) && hasCheckDigit(digits);
    return isCard ? [{ start: match.index, end: match.index + match[0].length }] : [];
  });
}
