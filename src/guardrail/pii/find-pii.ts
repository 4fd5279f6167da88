// Finds personal data in one text, each place once and under one kind. Law: linear; a text without digits and «@» costs a look.
import type { PiiKind, PiiPolicy } from "../../policy/pii-policy.ts";
import type { Range } from "../normalise/text-view.ts";
import { birthDates } from "./birth-dates.ts";
import { cardNumbers } from "./card-numbers.ts";
import { emailAddresses } from "./email-addresses.ts";
import { ibanNumbers } from "./iban-numbers.ts";
import { ipAddresses } from "./ip-addresses.ts";
import { nationalIds } from "./national-ids.ts";
import { isGivenOut, phoneNumbers } from "./phone-numbers.ts";

export interface FoundPii extends Range {
  readonly kind: PiiKind;
}

export type PiiForms = Pick<PiiPolicy, "kinds" | "regions">;

/** As many digits, apart by no more than what separates groups, as the shortest number has. */
const LONG_NUMBER = /\d(?:[ ./()-]{0,3}\d){6}/;
const LETTERED_NUMBER = /[A-Z][ -]?\d{2}/;
const BIRTH = /birth|d\.?o\.?b|生/i;
const DOTS_OR_COLONS = /\d\.\d|:[0-9A-Fa-f]{0,4}:/;

interface Finder {
  readonly kind: PiiKind;
  /** whether it is worth reading the text */
  readonly sign: RegExp;
  readonly find: (text: string, regions: PiiForms["regions"]) => readonly Range[];
}

/** In this order, since the digits of one may look like those of a later one, and seldom the other way. */
const FINDERS: readonly Finder[] = [
  { kind: "email", sign: /@/, find: emailAddresses },
  { kind: "iban", sign: LETTERED_NUMBER, find: ibanNumbers },
  { kind: "card", sign: LONG_NUMBER, find: cardNumbers },
  { kind: "birth_date", sign: BIRTH, find: birthDates },
  { kind: "national_id", sign: new RegExp(`${LONG_NUMBER.source}|${LETTERED_NUMBER.source}`), find: nationalIds },
  {
    kind: "phone",
    sign: LONG_NUMBER,
    find: (text, regions) => phoneNumbers(text).filter(({ start, end }) => isGivenOut(text.slice(start, end), regions)),
  },
  { kind: "ip", sign: DOTS_OR_COLONS, find: ipAddresses },
];

/** In order of place. */
export function findPii(text: string, { kinds, regions }: PiiForms): FoundPii[] {
  const found: FoundPii[] = [];
  for (const { kind, sign, find } of FINDERS) {
    if (!kinds.includes(kind) || !sign.test(text)) continue;
    const earlier = found.length === 0 ? [] : found.toSorted((left, right) => left.start - right.start);
    let place = 0;
    for (const { start, end } of find(text, regions).toSorted((left, right) => left.start - right.start)) {
      while ((earlier[place]?.end ?? Number.POSITIVE_INFINITY) <= start) place += 1;
      if ((earlier[place]?.start ?? Number.POSITIVE_INFINITY) < end) continue;
      if (kind === found.at(-1)?.kind && start < (found.at(-1)?.end ?? 0)) continue;
      found.push({ kind, start, end });
    }
  }
  return found.toSorted((left, right) => left.start - right.start);
}
