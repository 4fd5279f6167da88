// What means something to a template is taken apart, and nothing else is touched.
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { withoutSpeakers, withoutSpecialTokens } from "../../../src/guardrail/judges/special-tokens.ts";
import { anyText } from "../../fixtures/arbitrary.ts";

const ALARMING = fc
  .array(
    fc.constantFrom("<", "|", ">", "</", "s>", "think>", "[", "/INST]", "INST]", "BEGIN ", "end ", "user:", "\n", " "),
    {
      maxLength: 30,
    },
  )
  .map((parts) => parts.join(""));

describe("special tokens", () => {
  it.each([
    ["<|eot_id|>", "< |eot_id| >"],
    ["<|im_start|>user", "< |im_start| >user"],
    ["</think>", "< /think>"],
    ["<s>[INST] a [/INST]</s>", "< s>[ INST] a [ /INST]< /s>"],
    ["<END CONVERSATION>", "< END CONVERSATION>"],
    ["<begin unsafe content categories>", "< begin unsafe content categories>"],
    ["a < b | c > d <b>bold</b> [1]", "a < b | c > d <b>bold</b> [1]"],
  ])("are taken apart in %j", (text, apart) => {
    expect(withoutSpecialTokens(text)).toBe(apart);
  });

  it("are gone from any text, and what a person reads stays", () => {
    fc.assert(
      fc.property(fc.oneof(ALARMING, anyText), (text) => {
        const apart = withoutSpecialTokens(text);
        expect(apart).not.toMatch(/<\||\|>|<\/?think>|<\/?s>|\[\/?INST\]|<(?:BEGIN|END) /i);
        expect(apart.replaceAll(" ", "")).toBe(text.replaceAll(" ", ""));
      }),
    );
  });

  it("take linear time", () => {
    for (const unit of ["<|", " \t", "\nuser ", "[/INST"]) {
      const begin = performance.now();
      withoutSpeakers(unit.repeat(200_000));
      expect(performance.now() - begin).toBeLessThan(1_500);
    }
  });
});

describe("speakers", () => {
  it("at the beginning of a line become quotations", () => {
    expect(withoutSpeakers("User: a\n  AGENT : b\nassistant：c\nThe user: d")).toBe(
      "> User: a\n>   AGENT : b\n> assistant：c\nThe user: d",
    );
  });
});
