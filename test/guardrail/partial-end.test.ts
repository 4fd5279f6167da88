// The end of a piece: escapes and pairs that are cut, and base64 that may go on.
import { describe, expect, it } from "vitest";
import { cutCharacterFrom, encodedRunFrom } from "../../src/guardrail/partial-end.ts";

describe("cutCharacterFrom", () => {
  it.each([
    ["a\\", "\\"],
    ["a\\u", "\\u"],
    ["a\\u00", "\\u00"],
    ["a\\u{1f6", "\\u{1f6"],
    ["a\\x4", "\\x4"],
    ["a\\\\\\u00", "\\u00"],
    ["a\ud83d", "\ud83d"],
    ["a\\u0041", ""],
    ["a\\\\", ""],
    ["a\\\\u00", ""],
    ["a\\n", ""],
    ["a🙂", ""],
    ["", ""],
  ])("of %j leaves %j open", (text, open) => {
    expect(text.slice(cutCharacterFrom(text))).toBe(open);
  });
});

describe("encodedRunFrom", () => {
  const encoded = btoa("we promise refunds");

  it("begins with the run, once six bytes read as text", () => {
    for (let cut = 0; cut <= encoded.length; cut += 1) {
      const text = `See ${encoded.slice(0, cut)}`;
      expect(text.slice(encodedRunFrom(text))).toBe(cut < 8 ? "" : encoded.slice(0, cut));
    }
  });

  it.each(["understanding", "src/guardrail/normalise", "9f86d081884c7d659a2f", "countLinesInFile", `${encoded} `])(
    "sees none in %s",
    (text) => {
      expect(encodedRunFrom(text)).toBe(text.length);
    },
  );
});
