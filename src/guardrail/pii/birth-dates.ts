// Finds dates of birth. Law: linear; a date is one only where a word before it says so.
import type { Range } from "../normalise/text-view.ts";

const MONTH =
  "(?:jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?|sept?(?:ember)?|oct(?:ober)?|nov(?:ember)?|dec(?:ember)?)\\.?";
const DATE = [
  "\\d{4}[-./]\\d{1,2}[-./]\\d{1,2}",
  "\\d{1,2}[-./]\\d{1,2}[-./](?:\\d{4}|\\d{2})",
  `\\d{1,2}(?:st|nd|rd|th)? (?:of )?${MONTH},? \\d{4}`,
  `${MONTH} \\d{1,2}(?:st|nd|rd|th)?,? \\d{4}`,
  "\\d{4}年\\d{1,2}月\\d{1,2}[日号]",
].join("|");
// «was born on» tells of people of whom books tell as well; «date of birth» stands in forms.
const CALLED =
  "(?:\\b(?:date of birth|birth ?date|d\\.?o\\.?b\\.?|birthday)\\b|\\bmy birthday\\b|出生日期|出生年月日|生日)";
const BIRTH_DATE = new RegExp(`${CALLED}[^\\d\\n]{0,12}?(?<![\\d./-])(?<date>${DATE})(?!\\d)`, "giu");

export function birthDates(text: string): Range[] {
  return Array.from(text.matchAll(BIRTH_DATE)).map((match) => {
    const end = match.index + match[0].length;
    return { start: end - (match.groups?.["date"]?.length ?? 0), end };
  });
}
