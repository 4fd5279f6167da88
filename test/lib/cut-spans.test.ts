// Cutting spans: nothing of a span is left, nothing else is lost.
import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { cutSpans, type Cut } from "../../src/lib/cut-spans.ts";

describe("cutSpans", () => {
  it.each<[string, Cut[], string]>([
    ["nothing to cut", [], "0123456789"],
    ["one span", [{ start: 2, end: 4 }], "01#456789"],
    [
      "any order",
      [
        { start: 6, end: 8 },
        { start: 0, end: 2 },
      ],
      "#2345#89",
    ],
    [
      "overlapping spans leave one placeholder",
      [
        { start: 2, end: 5 },
        { start: 4, end: 7 },
      ],
      "01#789",
    ],
    [
      "a span within another",
      [
        { start: 2, end: 7 },
        { start: 3, end: 4 },
      ],
      "01#789",
    ],
    ["an empty span cuts nothing", [{ start: 3, end: 3 }], "0123456789"],
    ["a span that ends before it starts cuts nothing", [{ start: 5, end: 3 }], "0123456789"],
    ["a span beyond the end", [{ start: 8, end: 99 }], "01234567#"],
  ])("%s", (_name, spans, expected) => {
    expect(cutSpans("0123456789", spans, "#")).toBe(expected);
  });

  it("leaves every character outside the spans, and none inside", () => {
    const spans = fc.array(
      fc.tuple(fc.nat(30), fc.nat(10)).map(([start, length]) => ({ start, end: start + length })),
      { maxLength: 6 },
    );
    fc.assert(
      fc.property(fc.stringMatching(/^[a-z]{0,30}$/), spans, (text, cuts) => {
        const outside = Array.from(text)
          .filter((_, at) => !cuts.some(({ start, end }) => at >= start && at < end))
          .join("");
        expect(cutSpans(text, cuts, "#").replaceAll("#", "")).toBe(outside);
      }),
    );
  });
});
