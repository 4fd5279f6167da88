// The numbers by which states know their people: how they are written, what they are called, and whose check they must pass.
// Law: data; a form that chance often meets counts only behind its name; every repetition is bounded.
import { validate as brazilianCpf } from "stdnum/lib/cjs/br/cpf.js";
import { validate as canadianSin } from "stdnum/lib/cjs/ca/sin.js";
import { validate as chineseResidentId } from "stdnum/lib/cjs/cn/ric.js";
import { validate as germanTaxId } from "stdnum/lib/cjs/de/idnr.js";
import { validate as spanishDni } from "stdnum/lib/cjs/es/dni.js";
import { validate as spanishNie } from "stdnum/lib/cjs/es/nie.js";
import { validate as frenchNir } from "stdnum/lib/cjs/fr/nir.js";
import { validate as britishNino } from "stdnum/lib/cjs/gb/nino.js";
import { validate as indianAadhaar } from "stdnum/lib/cjs/in/aadhaar.js";
import { validate as italianFiscalCode } from "stdnum/lib/cjs/it/codicefiscale.js";
import { validate as dutchBsn } from "stdnum/lib/cjs/nl/bsn.js";
import { validate as polishPesel } from "stdnum/lib/cjs/pl/pesel.js";
import { validate as americanSsn } from "stdnum/lib/cjs/us/ssn.js";
import type { PiiRegion } from "../../policy/pii-policy.ts";

export interface NationalId {
  readonly region: PiiRegion;
  /** as it is written where nothing else is written so; null where there is no such form */
  readonly shaped: string | null;
  /** as it is written behind its name; null where the other form is all */
  readonly called: string | null;
  readonly name: RegExp | null;
  readonly validate: (number: string) => { readonly isValid: boolean };
}

/** The name must end the text before the number, but for a few signs: «BSN: », «social security number is ». */
function named(words: string): RegExp {
  return new RegExp(`(?:${words})[^\\d\\n]{0,14}$`, "iu");
}

export const NATIONAL_IDS: readonly NationalId[] = [
  {
    region: "US",
    shaped: "\\d{3}-\\d{2}-\\d{4}",
    called: "\\d{9}|\\d{3} \\d{2} \\d{4}",
    name: named("\\bssn\\b|social security"),
    validate: americanSsn,
  },
  {
    region: "CA",
    shaped: null,
    called: "\\d{9}|\\d{3}[ -]\\d{3}[ -]\\d{3}",
    name: named("\\bSIN\\b|social insurance"),
    validate: canadianSin,
  },
  {
    region: "GB",
    shaped: "[A-Z]{2} \\d{2} \\d{2} \\d{2} [A-D]",
    called: "[A-Z]{2}\\d{6}[A-D]",
    name: named("\\bnino\\b|national insurance|\\bNI (?:number|no)\\b"),
    validate: britishNino,
  },
  {
    region: "DE",
    shaped: null,
    called: "\\d{11}|\\d{2} \\d{3} \\d{3} \\d{3}",
    name: named("steuer-?id\\w{0,24}|steuerliche identifikationsnummer|\\btax id\\b|\\bidnr\\b"),
    validate: germanTaxId,
  },
  {
    region: "FR",
    shaped: "[12] ?\\d{2} ?(?:0[1-9]|1[0-2]) ?\\d[\\dAB] ?\\d{3} ?\\d{3} ?\\d{2}",
    called: null,
    name: null,
    validate: frenchNir,
  },
  {
    region: "ES",
    shaped: null,
    called: "\\d{8}[ -]?[A-Z]",
    name: named("\\bDNI\\b|\\bNIF\\b|documento nacional"),
    validate: spanishDni,
  },
  {
    region: "ES",
    shaped: null,
    called: "[XYZ][ -]?\\d{7}[ -]?[A-Z]",
    name: named("\\bNIE\\b|\\bNIF\\b|\\bDNI\\b|extranjero"),
    validate: spanishNie,
  },
  {
    region: "IT",
    shaped: "[A-Z]{6}\\d{2}[A-EHLMPRST]\\d{2}[A-Z]\\d{3}[A-Z]",
    called: null,
    name: null,
    validate: italianFiscalCode,
  },
  {
    region: "NL",
    shaped: null,
    called: "\\d{9}|\\d{4}\\.\\d{2}\\.\\d{3}|\\d{3}[ .]\\d{3}[ .]\\d{3}",
    name: named("\\bBSN\\b|burgerservice\\w{0,8}|sofi-?nummer"),
    validate: dutchBsn,
  },
  { region: "PL", shaped: null, called: "\\d{11}", name: named("\\bPESEL\\b"), validate: polishPesel },
  {
    region: "BR",
    shaped: "\\d{3}\\.\\d{3}\\.\\d{3}-\\d{2}",
    called: "\\d{11}",
    name: named("\\bCPF\\b"),
    validate: brazilianCpf,
  },
  {
    region: "IN",
    shaped: null,
    called: "\\d{4}[ -]?\\d{4}[ -]?\\d{4}",
    name: named("\\baa?dhaa?r\\b|\\buidai\\b|आधार"),
    validate: indianAadhaar,
  },
  { region: "CN", shaped: "\\d{17}[\\dXx]", called: null, name: null, validate: chineseResidentId },
];
