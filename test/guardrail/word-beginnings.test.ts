// Words are found by their beginnings, where the right thing stands before them.
import { describe, expect, it } from "vitest";
import { WordBeginnings } from "../../src/guardrail/word-beginnings.ts";

function found(text: string): string[] {
  const beginnings = new WordBeginnings([
    { of: "drop", words: "ignor|forget" },
    { of: "mode", words: "mode\\b", after: "(?:in|into) " },
  ]);
  const all: string[] = [];
  beginnings.each(text, (of, place) => all.push(`${of}@${place}`));
  return all;
}

describe("WordBeginnings", () => {
  it.each([
    ["a word and its endings", "ignore, ignoring", ["drop@0", "drop@8"]],
    ["only at the beginning of a word", "unforgettable forgotten", []],
    ["what must stand before", "in mode, the mode, into ** mode", ["mode@3", "mode@27"]],
    ["what must end", "in model", []],
    ["the end of the text", "forget", ["drop@0"]],
    ["nothing", "", []],
  ])("looks at %s", (_, text, expected) => {
    expect(found(text)).toEqual(expected);
  });

  it("refuses a word that is too short for its table", () => {
    expect(() => new WordBeginnings([{ of: 1, words: "ok" }])).toThrow(RangeError);
  });
});
