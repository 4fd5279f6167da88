// Finds international bank account numbers (ISO 13616). Law: linear; one counts only with its country's length and form and
// the check digits of ISO 7064.
import { isValidIBAN } from "ibantools";
import type { Range } from "../normalise/text-view.ts";

// In one run, or in groups of four with one blank or hyphen between them, as they are printed.
const CANDIDATE =
  /(?<![\p{Script=Latin}\p{N}_])[A-Z]{2}\d{2}(?:[A-Z0-9]{11,30}|(?:[ -][A-Z0-9]{4}){2,7}(?:[ -][A-Z0-9]{1,3})?)(?![\p{Script=Latin}\p{N}_])/gu;
const SEPARATORS = /[ -]/g;

export function ibanNumbers(text: string): Range[] {
  return Array.from(text.matchAll(CANDIDATE)).flatMap((match) => {
    // A short word in capitals may follow the last group.
    const whole = match[0];
    const shorter = whole.replace(/[ -][A-Z0-9]{1,4}$/, "");
    const found = [whole, shorter].find((each) => isValidIBAN(each.replace(SEPARATORS, "")));
    return found === undefined ? [] : [{ start: match.index, end: match.index + found.length }];
  });
}
