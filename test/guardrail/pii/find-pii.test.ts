// Personal data by its form and check digits: what is found, what only looks like it, and what the policy leaves out.
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { findPii, type PiiForms } from "../../../src/guardrail/pii/find-pii.ts";
import { DEFAULT_PII_POLICY, PII_KINDS, type PiiKind, type PiiRegion } from "../../../src/policy/pii-policy.ts";
import { expectLinear, HOSTILE_TIMEOUT_MILLISECONDS } from "../hostile.ts";
import { SPECIMEN_PII } from "./specimen-pii.ts";

function found(text: string, forms: PiiForms = DEFAULT_PII_POLICY): string[] {
  return findPii(text, forms).map(({ kind, start, end }) => `${kind}: ${text.slice(start, end)}`);
}

const HARMLESS: readonly string[] = [
  "Version 1.2.3.200 follows v10.15.7.1 and release 2.0.114.5.",
  "See section 2.1.3.1, chapter 12.4.1.2.",
  "The router is 192.168.1.254, the loop 127.0.0.1, the manual's 203.0.113.7 and 2001:db8::1.",
  "It took from 12:30:45 to 14:05:59 on 2024-01-15T10:30:00.123456Z.",
  "ISBN 978-3-16-148410-0, ISBN 0-306-40615-2",
  "Order 123456789012 was sent; tracking number 9400111899223197428490.",
  "Invoice no. 2024-000123, ticket 4155552671",
  "π is 3.14159265358979, e is 2.718281828459045.",
  "12 + 34567890 = 34567902 and 1,234,567.89 * 100",
  "1699999999999 milliseconds, 86400000 a day",
  "550e8400-e29b-41d4-a716-446655440000 and 9f86d081884c7d65",
  "4111 1111 1111 1112 is no card; 1234567890123456 is none either.",
  "GB28NWBK60161331926819 has wrong check digits.",
  "11010519491231002A, 110105194912310021",
  "RSSMRA85T10A562T",
  "The number 111222333 and the number 536904399 have no name.",
  "He was born on 3 May 1990 in Rome, says the book.",
  "The meeting is on 3 May 1990.",
  "@handle, user@localhost, a@@b.com, x@y.z1, 5 @ 3",
  "std::vector<a::b::c>, key::value, 1::2, ab:cd",
  "(555) 123-4567",
  "lat 37.7749 lon -122.4194",
  "pages 100-200, 2019-2023, 10:30 - 11:45",
  "1.000.000,00 € for 24 months",
  "",
];

describe("findPii", () => {
  it.each(SPECIMEN_PII)("finds a %s: %s", (kind, value, before) => {
    expect(found(`${before}${value}, he said.`)).toEqual([`${kind}: ${value}`]);
    expect(found(`${before}${value}`)).toEqual([`${kind}: ${value}`]);
  });

  it.each(HARMLESS)("passes: %s", (text) => {
    expect(found(text)).toEqual([]);
  });

  it("has a specimen of each kind", () => {
    expect(new Set(SPECIMEN_PII.map(([kind]) => kind))).toEqual(new Set(PII_KINDS));
  });

  it.each(SPECIMEN_PII)("does not look for a %s that the policy does not name", (kind, value, before) => {
    const kinds = PII_KINDS.filter((each) => each !== kind);
    expect(found(before + value, { ...DEFAULT_PII_POLICY, kinds })).not.toContain(`${kind}: ${value}`);
  });

  it.each<[PiiRegion, string, PiiKind]>([
    ["CN", "13800138000", "phone"],
    ["US", "415-555-2671", "phone"],
    ["US", "SSN 536-90-4399", "national_id"],
    ["IT", "RSSMRA85T10A562S", "national_id"],
  ])("knows the numbers of %s only where the policy names it: %s", (region, text, kind) => {
    const kindsIn = (regions: PiiRegion[]) =>
      findPii(text, { ...DEFAULT_PII_POLICY, regions }).map((each) => each.kind);
    expect(kindsIn([region])).toEqual([kind]);
    expect(kindsIn(["PL"])).toEqual([]);
  });

  it("knows a number with its country's code everywhere", () => {
    expect(found("+49 30 901820", { ...DEFAULT_PII_POLICY, regions: [] })).toEqual(["phone: +49 30 901820"]);
  });

  it("takes an address out of a sentence without blanks", () => {
    expect(found("请写信至anna@firm.org。谢谢")).toEqual(["email: anna@firm.org"]);
    expect(found("写信给anna@firm.org谢谢")).toEqual(["email: anna@firm.org"]);
  });

  it("names each place once, in order", { timeout: HOSTILE_TIMEOUT_MILLISECONDS }, () => {
    const parts = fc.constantFrom(
      ...SPECIMEN_PII.map(([, value, before]) => before + value),
      " ",
      ", ",
      "\n",
      "9",
      "-",
    );
    fc.assert(
      fc.property(fc.array(parts, { maxLength: 8 }), (all) => {
        let done = 0;
        for (const { start, end } of findPii(all.join(" "), DEFAULT_PII_POLICY)) {
          expect(start).toBeGreaterThanOrEqual(done);
          expect(end).toBeGreaterThan(start);
          done = end;
        }
      }),
    );
  });

  it("never throws", { timeout: HOSTILE_TIMEOUT_MILLISECONDS }, () => {
    fc.assert(fc.property(fc.string({ unit: "binary", maxLength: 200 }), (text) => found(text).length >= 0));
  });
});

describe("findPii is linear", { timeout: HOSTILE_TIMEOUT_MILLISECONDS }, () => {
  it.each([
    "1",
    "1 ",
    "1.",
    "1:",
    "a@",
    "a.b@c.",
    "A1",
    "DE89 ",
    "AB12 ",
    "SSN ",
    "born ",
    "DOB 1-",
    "1990年",
    "(0",
    "+1 ",
    "::",
  ])("in %j", async (pattern) => {
    await expectLinear((text) => findPii(text, DEFAULT_PII_POLICY), pattern);
  });

  it.each(SPECIMEN_PII)("in many a %s: %s", async (_, value, before) => {
    await expectLinear((text) => findPii(text, DEFAULT_PII_POLICY), `${before}${value} `);
  });
});
