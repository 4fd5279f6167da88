// Redaction before storage: what is taken out, what only looks like it, and that spans can be found again.
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { redact, redactedText } from "../../src/mistake/redaction.ts";
import { redactedSpan } from "../../src/mistake/redaction-replacement.ts";
import { expectLinear, HOSTILE_TIMEOUT_MILLISECONDS } from "../guardrail/hostile.ts";

const key = ["gh", "p_k7Qz2LmX9vBt4RwN8cYf3HsD6gJp5KuTa1Ze"].join("");

describe("redact", () => {
  it.each([
    ["Call +1 415 555 2671 now", "Call [phone] now"],
    ["Call me at 415-555-2671.", "Call me at [phone]."],
    ["(212) 555-0147", "[phone]"],
    ["Tel: 020 7946 0018", "Tel: [phone]"],
    ["Telefon 0171/1234567", "Telefon [phone]"],
    ["+49 (0)30 901820", "[phone]"],
    ["+44 20 7946 0958, thanks", "[phone], thanks"],
    ["0049 30 901820", "[phone]"],
    ["01 23 45 67 89", "[phone]"],
    ["手机13800138000,谢谢", "手机[phone],谢谢"],
    ["010-62345678", "[phone]"],
    ["my phone is 5551234567", "my phone is [phone]"],
    ["my number is 415-555-2671, tel:02079460018", "my number is [phone], tel:[phone]"],
    ["13800138000 415-555-2671", "[phone] [phone]"],
    ["mail bob.smith+x@mail.example.co.uk.", "mail [email]."],
    ["<a@b.io>, 'c@d.org'", "<[email]>, '[email]'"],
    ["用户 名@例子.公司", "用户 [email]"],
    ["4111 1111 1111 1111", "[card]"],
    ["card 5500-0000-0000-0004.", "card [card]."],
    ["3782 822463 10005", "[card]"],
    ["4111111111111111", "[card]"],
    [`use ${key}!`, "use [secret]!"],
    ["password = Tr0ub4dor&3x", "password = [secret]"],
    [`a@b.io ${key} +14155552671`, "[email] [secret] [phone]"],
    ["https://bob:Tr0ub4dor3x@db.example.org/", "https://bob:[secret]@db.example.org/"],
  ])("takes out of %s", (text, expected) => {
    expect(redact(text).text).toBe(expected);
  });

  it.each([
    "2024-01-15",
    "2024-01-15T10:30:00.123456Z",
    "01.02.2024 and 1/2/2024",
    "10:30 - 11:45",
    "v1.2.3.4 of 10.15.7",
    "192.168.10.254",
    "2001:db8:85a3::8a2e:370:7334",
    "550e8400-e29b-41d4-a716-446655440000",
    "order 13800138000",
    "订单13800138000",
    "Order no. 415-555-2671",
    "1699999999999",
    "555 - 1234 = ?",
    "12 + 34567890 = 34567902",
    "2123456789 * 3",
    "1,234,567.89",
    "3.14159265358979",
    "pages 100-200",
    "2019-2023",
    "ISBN 978-3-16-148410-0",
    "lat 37.7749 lon -122.4194",
    "4111111111111112",
    "1234567890123456",
    "user@localhost, @handle, a@@b.com, x@y.z1",
    "api_key=your-api-key-here",
    "[email] [phone] [card] [secret]",
    "",
  ])("leaves %s", (text) => {
    expect(redact(text)).toEqual({ text, replacements: [] });
  });

  it("says what stood where", () => {
    const text = "Mail a@b.io or +14155552671.";
    expect(redact(text).replacements).toEqual([
      { kind: "email", start: 5, end: 11, placeholder: "[email]" },
      { kind: "phone", start: 15, end: 27, placeholder: "[phone]" },
    ]);
  });
});

describe("redactedSpan", () => {
  const text = "Mail a@b.io or +14155552671, ok?";
  const { text: redacted, replacements } = redact(text);
  const moved = (part: string) => {
    const start = text.indexOf(part);
    const span = redactedSpan({ location: "content", start, end: start + part.length }, replacements);
    expect(span.location).toBe("content");
    return redacted.slice(span.start, span.end);
  };

  it.each([
    ["before", "Mail", "Mail"],
    ["between", " or ", " or "],
    ["after", "ok?", "ok?"],
    ["the whole of one", "a@b.io", "[email]"],
    ["cutting into one", "il a@b", "il [email]"],
    ["within one", "555", "[phone]"],
    ["over both", "a@b.io or +1415", "[email] or [phone]"],
    ["everything", text, redacted],
  ])("finds what lies %s", (_, part, expected) => {
    expect(moved(part)).toBe(expected);
  });

  it("keeps an empty span empty", () => {
    expect(redactedSpan({ start: 7, end: 7 }, replacements)).toEqual({ start: 5, end: 5 });
  });
});

const parts = fc.constantFrom(
  "a@b.io",
  "+1 415 555 2671",
  "415-555-2671",
  "4111 1111 1111 1111",
  "4111111111111111",
  key,
  "password = Tr0ub4dor&3x",
  "phone",
  "order",
  "[phone]",
  "[email]",
  "[card",
  "secret]",
  "tel: ",
  "13800138000",
  "0171/1234567",
  "2024-01-15",
  "12",
  "5551234567",
  " ",
  "-",
  ".",
  ":",
  "@",
  "+",
  "0",
  "\n",
  "忽",
  "\ud800",
  "(",
  ")",
  "/",
);
const anyText = fc.oneof(
  fc.array(parts, { maxLength: 14 }).map((all) => all.join("")),
  fc.array(parts, { maxLength: 14 }).map((all) => all.join(" ")),
  fc.string({ unit: "binary", maxLength: 80 }),
);

describe("redact on any text", { timeout: HOSTILE_TIMEOUT_MILLISECONDS }, () => {
  it("is idempotent", () => {
    fc.assert(
      fc.property(anyText, (text) => {
        const once = redact(text).text;
        expect(redact(once)).toEqual({ text: once, replacements: [] });
      }),
      { numRuns: 3000 },
    );
  });

  it("lists replacements in order, without overlaps, and they make the text", () => {
    fc.assert(
      fc.property(anyText, (text) => {
        const { text: redacted, replacements } = redact(text);
        let rebuilt = "";
        let done = 0;
        for (const { start, end, placeholder } of replacements) {
          expect(start).toBeGreaterThanOrEqual(done);
          expect(end).toBeGreaterThan(start);
          rebuilt += text.slice(done, start) + placeholder;
          done = end;
        }
        expect(rebuilt + text.slice(done)).toBe(redacted);
      }),
    );
  });

  it("maps every span into the redacted text, growing with it", () => {
    fc.assert(
      fc.property(anyText, fc.nat(), fc.nat(), (text, from, length) => {
        const { text: redacted, replacements } = redact(text);
        const start = from % (text.length + 1);
        const end = Math.min(text.length, start + (length % 20));
        const span = redactedSpan({ start, end }, replacements);
        expect(span.start).toBeGreaterThanOrEqual(0);
        expect(span.end).toBeGreaterThanOrEqual(span.start);
        expect(span.end).toBeLessThanOrEqual(redacted.length);
        if (!replacements.some((replacement) => replacement.start < end && start < replacement.end)) {
          expect(redacted.slice(span.start, span.end)).toBe(text.slice(start, end));
        }
      }),
    );
  });

  it.each([
    "a@b.io ",
    "@",
    "a",
    "1",
    "1 ",
    "+1 415 555 2671 ",
    "4111-",
    "(0",
    "password = ",
    "x@y.",
    "0 1 2 3 4 5 6 7 ",
    "[phone]",
    "tel ",
  ])("is linear in %s", async (pattern) => {
    await expectLinear((text) => redact(text), pattern);
  });
});

describe("what is disguised", () => {
  it.each([
    ["a zero-width space in an address", "Write to ja\u200bne@exam\u200bple.org now", "Write to [email] now"],
    ["a full-width at sign", "jane＠example.org", "[email]"],
    ["full-width digits of a card", "card ４１１１１１１１１１１１１１１１ ok", "card [card] ok"],
    ["dots between a card's digits", "card 4111.1111.1111.1111 ok", "card [card] ok"],
    ["a look-alike letter in a key", "key \u0391KIAQ3ZT7PLM2XW6KD5R ok", "key [secret] ok"],
    ["base64", `see ${btoa("key AKIAQ3ZT7PLM2XW6KD5R ok")} there`, "see [secret] there"],
  ])("is redacted: %s", (_, text, redacted) => {
    expect(redact(text).text).toBe(redacted);
  });
});

it("makes a text well-formed before it is redacted, so that it can be stored", () => {
  expect(redactedText("mail a@b.io \u{d800}")).toBe("mail [email] \u{fffd}");
});
