// Finds telephone numbers. Law: linear; dates, times, versions, addresses of hosts, identifiers and sums are none, and a bare
// run of digits is one only where the text calls it so.
import { parsePhoneNumberFromString } from "libphonenumber-js/min";
import type { PiiRegion } from "../../policy/pii-policy.ts";
import type { Range } from "../normalise/text-view.ts";

/** What may not touch a number: it would be part of something longer. Han and kana may: they stand without blanks. */
const BEFORE = "(?<![\\p{Script=Latin}\\p{Script=Cyrillic}\\p{N}_/+#@$€£¥*^-]|\\d[.,:]|\\d\\s[-+*/=]\\s?)";
/** What may not follow. */
const AFTER = "(?![\\p{Script=Latin}\\p{Script=Cyrillic}_@/\\d]|[.,:-]\\d|\\s?[=*^×÷]|\\+|\\s\\+\\s|\\s-\\s?\\d)";
/** … nor, where the number of digits is open, more digits behind separators. */
const NO_MORE_DIGITS = "(?![ .,:/()-]{0,3}\\d)";

// Every source reads in one way only: separators, then one digit.
// E.164: at most fifteen digits, country codes begin with 1–9.
const INTERNATIONAL = "(?:\\+|00)[1-9](?:[ ./()-]{0,3}\\d){6,14}";
// North American Numbering Plan: area and exchange codes begin with 2–9.
const NORTH_AMERICAN = "(?:1[ .-])?(?:\\([2-9]\\d{2}\\) ?|[2-9]\\d{2}[.-])[2-9]\\d{2}[ .-]\\d{4}";
const CHINESE_MOBILE = "1[3-9]\\d(?:\\d{8}|[ -]\\d{4}[ -]\\d{4})";
const CHINESE_LANDLINE = "0\\d{2,3}-\\d{7,8}";
// National numbers with a trunk prefix (most of Europe, Japan, Australia): ten or eleven digits, in groups.
const TRUNK = "\\(?0[1-9](?:[ /.()-]{0,2}\\d){8,9}";
const ANY = "\\(?\\d(?:[ ./()-]{0,2}\\d){6,14}";

const SHAPED = new RegExp(
  `${BEFORE}(?:${INTERNATIONAL}${NO_MORE_DIGITS}|${NORTH_AMERICAN}|${CHINESE_MOBILE}|${CHINESE_LANDLINE}|(?<trunk>${TRUNK})${NO_MORE_DIGITS})${AFTER}`,
  "gu",
);
const CALLED = new RegExp(`${BEFORE}${ANY}${NO_MORE_DIGITS}${AFTER}`, "gu");

const CALLED_PHONE =
  /(?:\b(?:tel|telephone|phone|mobile|cell|cellphone|fax|whatsapp|call|sms|text|dial|ring|hotline|telefon|telefono|telefone|handy|mobil|movil)\b|电话|手机|手机号|联系方式|致电|热线|телефон|тел\b)[^\d\n]{0,24}$/iu;
const CALLED_OTHERWISE =
  /(?:\b(?:order|invoice|ticket|tracking|account|serial|reference|ref|id|no\.|case|item|sku|isbn|part)\b|订单|编号|单号|账号|序列号|#)[^\d\n]{0,12}$/iu;
const CONTEXT_UNITS = 32;
/** a placeholder of an earlier redaction, whole or cut: it stands for something with digits, not for the word in it */
const PLACEHOLDER = /(?:\[|^)(?:secret|email|card|phone|iban|ip|national_id|birth_date)\]|^[a-z_]{0,11}\]/g;

/** 01.02.2024, 2024-01-15, 12-31-1999: day, month and year in some order. */
const DATE = /^(?:\d{4}[-./]\d{1,2}[-./]\d{1,2}|\d{1,2}[-./ ]\d{1,2}[-./ ](?:\d{4}|\d{2}$))(?!\d)/;
const SEPARATOR = /[ /.()-]/;

function before(text: string, place: number): string {
  return text.slice(Math.max(0, place - CONTEXT_UNITS), place).replace(PLACEHOLDER, "0");
}

function rangeOf(match: RegExpExecArray): Range {
  return { start: match.index, end: match.index + match[0].length };
}

export function phoneNumbers(text: string): Range[] {
  const shaped = Array.from(text.matchAll(SHAPED)).filter((match) => {
    if (CALLED_OTHERWISE.test(before(text, match.index))) return false;
    return match.groups?.["trunk"] === undefined || (SEPARATOR.test(match[0]) && !DATE.test(match[0]));
  });
  const called = Array.from(text.matchAll(CALLED)).filter(
    (match) => !DATE.test(match[0]) && CALLED_PHONE.test(before(text, match.index)),
  );
  return [...shaped, ...called].map(rangeOf);
}

/** Shorter national numbers are too like any other number. */
const FEWEST_NATIONAL_DIGITS = 9;

/** Whether some country gives such numbers out: the one of its code, or one of `regions` where no code stands in front. */
export function isGivenOut(number: string, regions: readonly PiiRegion[]): boolean {
  const written = number.replace(/^00/, "+");
  if (written.startsWith("+")) return parsePhoneNumberFromString(written)?.isValid() === true;
  if (written.replace(/\D/g, "").length < FEWEST_NATIONAL_DIGITS) return false;
  return regions.some((region) => parsePhoneNumberFromString(written, region)?.isValid() === true);
}
