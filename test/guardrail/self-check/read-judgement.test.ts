// What the judge said is read as one clear verdict, or not at all: never a pass unless it clearly says no.
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { readJudgement } from "../../../src/guardrail/self-check/read-judgement.ts";
import { anyText } from "../../fixtures/arbitrary.ts";

describe("readJudgement", () => {
  it.each([
    '{"violation": "no", "category": "none"}',
    '{"violation":"no","category":"S1"}',
    ' {\n "violation" : "No" }\n',
    '{"violation": false, "category": null}',
    '{"violation": "否", "category": "none"}',
    '```json\n{"violation": "no", "category": "none"}\n```',
    "```\nno\n```",
    "no",
    "No.",
    '"no"',
    "**NO**",
    "否。",
  ])("reads %j as a no", (said) => {
    expect(readJudgement(said)).toEqual({ ok: true, value: null });
  });

  it.each([
    ['{"violation": "yes", "category": "S2"}', "S2"],
    ['{"violation": "YES", "category": "s14"}', "S14"],
    ['{"violation": true, "category": "S10 Hate"}', "S10"],
    ['```json\n{"category": "S1", "violation": "yes"}\n```', "S1"],
    ['{"violation": "yes", "category": "harmful"}', "custom:harmful"],
    ['{"violation": "yes", "category": "none"}', "custom:harmful"],
    ['{"violation": "yes", "category": "S15"}', "custom:harmful"],
    ['{"violation": "yes", "category": "S100"}', "custom:harmful"],
    ['{"violation": "yes", "category": "constructor"}', "custom:harmful"],
    ['{"violation": "是"}', "custom:harmful"],
    ["Yes", "custom:harmful"],
    ["是", "custom:harmful"],
  ])("reads %j as a yes, in %s", (said, category) => {
    expect(readJudgement(said)).toEqual({ ok: true, value: { category } });
  });

  it.each([
    ["nothing", " \n"],
    ["both", "yes or no"],
    ["two judgements", '{"violation": "no"} {"violation": "yes"}'],
    ["one key twice", '{"violation": "yes", "violation": "no"}'],
    ["one key twice, hidden by an escape", '{"violation": "yes", "\\u0076iolation": "no"}'],
    ["a list", '[{"violation": "no"}]'],
    ["a verdict within another object", '{"result": {"violation": "no"}}'],
    ["another key", '{"violations": "no"}'],
    ["half of it", '{"violation": "no", "cat'],
    ["another word", '{"violation": "maybe", "category": "none"}'],
    ["a number", '{"violation": 0}'],
    ["null", '{"violation": null}'],
    ["a refusal that begins with the word", "No, I can't help with that."],
    ["a sentence that begins with the word", "No doubt about it: yes."],
    ["a sentence around the verdict", 'It says {"violation": "no"}, and that is wrong.'],
    ["a category alone", "S1"],
    ["a judgement that goes on and on", `{"violation": "no", "category": "${"none ".repeat(500)}"}`],
  ])("takes %s for an error", (_, said) => {
    expect(readJudgement(said)).toMatchObject({ ok: false });
  });

  /** The whole of what is a no, written down once more and apart from the reader. */
  function saysNo(said: string): boolean {
    const bare = said.replace(/^\s*```(?:json)?\s|```\s*$/gi, "");
    const isWord = /^\P{L}*(?:no|否)\P{L}*$/iu.test(bare);
    const isObject = /^\s*\{.*"violation"\s*:\s*(?:"\s*(?:no|否)\s*"|false).*\}\s*$/is.test(bare);
    return (isWord || isObject) && !/yes|是|true/i.test(bare);
  }

  const fragment = fc.constantFrom(
    ...[
      '{"violation": ',
      '"no"',
      '"yes"',
      "no",
      "yes",
      "否",
      "是",
      "false",
      "true",
      ', "category": "S1"',
      ', "violation": ',
    ],
    ...["{", "}", "```json\n", "```", '"', "\\", "\n", ".", "**", "No, ", "not", "none"],
  );

  it("never passes what does not clearly say no", () => {
    const said = fc.oneof(
      anyText,
      fc.array(fragment, { maxLength: 8 }).map((parts) => parts.join("")),
    );
    fc.assert(
      fc.property(said, (text) => {
        const read = readJudgement(text);
        expect(read.ok && read.value === null && !saysNo(text)).toBe(false);
      }),
      { numRuns: 5_000 },
    );
  });
});
