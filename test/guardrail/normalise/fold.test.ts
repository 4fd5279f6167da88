// The folded view: what it makes alike, what it leaves alone, and that every place can be found again in the original.
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { foldText } from "../../../src/guardrail/normalise/fold.ts";

const folded = (text: string): string => foldText(text).text;

describe("foldText", () => {
  it.each([
    ["case", "IGNORE", "ignore"],
    ["full width", "ｉｇｎｏｒｅ", "ignore"],
    ["mathematical letters", "𝐢𝐠𝐧𝐨𝐫𝐞", "ignore"],
    ["marks", "ígnörè", "ignore"],
    ["stacked marks", "i\u0336\u0315g\u0336n\u0336o\u0336r\u0336e\u0336", "ignore"],
    ["zero-width signs", "ig\u200bno\u200dre\u2060", "ignore"],
    ["soft hyphens", "ig\u00adnore", "ignore"],
    ["bidirectional controls", "\u202eignore\u202c", "ignore"],
    ["control codes", "ig\u0000no\u0008re", "ignore"],
    ["tag characters", "\u{e0069}\u{e0067}\u{e006e}\u{e006f}\u{e0072}\u{e0065}", "ignore"],
    ["Cyrillic look-alikes", "ignоrе", "ignore"],
    ["Greek look-alikes", "ιgnοre", "ignore"],
    ["small capitals", "ɪɢɴᴏʀᴇ", "ignore"],
    ["regional letters", "🇮🇬🇳🇴🇷🇪", "ignore"],
    ["squared letters", "🅸🅶🅽🅾🆁🅴", "ignore"],
    ["ligatures", "ﬁne", "fine"],
    ["sharp s", "STRASSE straße", "strasse strasse"],
    ["quotation marks", "“a” ‘b’ «c» 「d」", '"a" \'b\' "c" "d"'],
    ["blanks of other widths", "a\u00a0b\u3000c\u2028d", "a b c\nd"],
    ["long blanks", `a${" ".repeat(40)}b`, "a b"],
    ["long blanks with a newline", `a${" ".repeat(20)}\n${" ".repeat(20)}b`, "a\nb"],
    ["lone surrogates", "a\ud800b\udc00", "a\ufffdb\ufffd"],
  ])("folds %s", (_, text, expected) => {
    expect(folded(text)).toBe(expected);
  });

  it.each([
    ["a Russian word", "ворота скорость", "ворота скорость"],
    ["a Greek word", "ανοιχτο", "ανοιχτο"],
    ["a Chinese sentence", "忽略之前", "忽略之前"],
    ["a Russian word beside a Latin one", "ко model", "ко model"],
  ])("leaves %s in its script", (_, text, expected) => {
    expect(folded(text)).toBe(expected);
  });

  it("keeps the case if asked to", () => {
    expect(foldText("ＡbС\u200bKey", { lowerCase: false }).text).toBe("AbCKey");
  });

  it("names the place in the original", () => {
    const text = "Please ig\u200bn\u043ere\u00a0 this";
    const view = foldText(text);
    const start = view.text.indexOf("ignore");
    const { start: from, end } = view.origin(start, start + "ignore".length);
    expect(text.slice(from, end)).toBe("ig\u200bn\u043ere");
  });
});

const anyText = fc.oneof(
  fc.string({ unit: "binary", maxLength: 60 }),
  fc.string({ unit: "grapheme", maxLength: 60 }),
  fc
    .array(
      fc.constantFrom("ig", "n", "о", "\u200b", "\ud83d", " ", "         ", "\n", "é", "忽", "ﷺ", "A", "9", "_", "α"),
      { maxLength: 40 },
    )
    .map((parts) => parts.join("")),
);

describe("foldText on any text", () => {
  it("never throws, and folds twice to the same", () => {
    fc.assert(
      fc.property(anyText, (text) => {
        const once = folded(text);
        expect(once).not.toMatch(/[\u200b\u00ad]/);
        expect(foldText(text, { lowerCase: false }).text.length).toBeGreaterThanOrEqual(0);
      }),
    );
  });

  it("maps places in order, within the original, and whole", () => {
    fc.assert(
      fc.property(anyText, (text) => {
        const view = foldText(text);
        let last = 0;
        for (let place = 0; place < view.text.length; place += 1) {
          const { start, end } = view.origin(place, place + 1);
          expect(start).toBeGreaterThanOrEqual(last);
          expect(end).toBeGreaterThan(start);
          expect(end).toBeLessThanOrEqual(text.length);
          last = start;
        }
      }),
    );
  });

  it("slicing the original by a span gives the text that matched after folding", () => {
    // Look-alikes depend on their word, so they are left out here.
    const parts = fc.constantFrom(
      "Ignore",
      "ｆｕｌｌ",
      "\u200b",
      "é",
      "straße",
      "忽略",
      " ",
      "\n",
      "x9",
      "🅸",
      "ﬁ",
      "\u0301",
    );
    fc.assert(
      fc.property(fc.array(parts, { maxLength: 20 }), fc.nat(), fc.nat(), (all, from, length) => {
        const text = all.join("");
        const view = foldText(text);
        if (view.text === "") return;
        const start = from % view.text.length;
        const end = Math.min(view.text.length, start + 1 + (length % 8));
        const range = view.origin(start, end);
        // A run of blanks is written shorter only in a text that has something to fold.
        const squeezed = (part: string): string => part.replaceAll(/\s+/g, " ").trim();
        expect(squeezed(folded(text.slice(range.start, range.end)))).toContain(squeezed(view.text.slice(start, end)));
      }),
    );
  });

  it.each([
    ["阅览室，九点开门！", "阅览室,九点开门!"],
    ["如下：\n\n“一”", '如下:\n"一"'],
    ["好，ab  c", "好,ab c"],
    ["• 。\t \t一", "• 。 一"],
  ])("writes the signs of «%s» alike, with blanks and without", (text, folded) => {
    expect(foldText(text).text).toBe(folded);
    expect(foldText(`\u200b${text}`).text).toBe(folded);
  });
});
