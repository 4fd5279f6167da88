// Words as numbers: where they begin and end, and what counts as one.
import { describe, expect, it } from "vitest";
import { alignedView } from "../../src/guardrail/normalise/text-view.ts";
import { wordsOf, wordsOfView } from "../../src/guardrail/words.ts";

function wordsIn(text: string): string[] {
  const { starts, ends, length } = wordsOf(text);
  return Array.from({ length }, (_, place) => text.slice(starts[place], ends[place]));
}

describe("wordsOf", () => {
  it.each([
    ["Latin", "it's 9 o'clock, ok", ["it", "s", "9", "o", "clock", "ok"]],
    ["Cyrillic", "да, нет", ["да", "нет"]],
    ["Han, character by character", "你好abc世界", ["你", "好", "abc", "世", "界"]],
    ["kana, Hangul and Thai", "かな 한국 ไทย", ["か", "な", "한", "국", "ไ", "ท", "ย"]],
    ["Han beyond the basic plane", "a𠀀b", ["a", "𠀀", "b"]],
    ["nothing", " ,.!", []],
  ])("reads %s", (_, text, words) => {
    expect(wordsIn(text)).toEqual(words);
  });

  it("gives the same word the same number, and another one another", () => {
    const { hashes } = wordsOf("book books book");
    expect(hashes[0]).toBe(hashes[2]);
    expect(hashes[0]).not.toBe(hashes[1]);
  });

  it("weighs a word like two characters of a script without blanks", () => {
    expect([...wordsOf("word 你").weights]).toEqual([2, 1]);
  });

  it("counts the words of a view once", () => {
    const view = alignedView("one two");
    expect(wordsOfView(view)).toBe(wordsOfView(view));
  });
});
