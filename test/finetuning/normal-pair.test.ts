// The operator's normal pairs: read line by line, and a bad line is named by its number.
import { describe, expect, it } from "vitest";
import { DEFAULT_NORMAL_PAIRS } from "../../src/finetuning/default-normal-pairs.ts";
import { readNormalPairs } from "../../src/finetuning/normal-pair.ts";
import { promptKeyOf } from "../../src/finetuning/training-example.ts";

describe("readNormalPairs", () => {
  const good = { prompt: "界?", answer: "Yes." };
  const line = JSON.stringify(good);

  it.each([
    ["", []],
    [line, [good]],
    [`${line}\r\n\n  \n${line}\n`, [good, good]],
    [JSON.stringify({ ...good, source: "x" }), [good]],
    [JSON.stringify({ ...good, answer: "a\ud800" }), [{ ...good, answer: "a\uFFFD" }]],
  ])("reads %j", (jsonl, pairs) => {
    expect(readNormalPairs(jsonl)).toEqual({ ok: true, value: pairs });
  });

  it.each([
    [`${line}\nno JSON`, "line 2"],
    [`\n\n{"prompt": "x"}`, "line 3"],
    [JSON.stringify({ ...good, prompt: "" }), "line 1"],
    [JSON.stringify({ ...good, answer: 7 }), "line 1"],
    ["[]", "line 1"],
    ["null", "line 1"],
  ])("names the bad line of %j", (jsonl, expected) => {
    const read = readNormalPairs(jsonl);
    expect(read.ok ? "" : read.error).toContain(`${expected} of the normal pairs`);
  });
});

it("ships normal pairs that are whole, and each prompt once", () => {
  expect(readNormalPairs(DEFAULT_NORMAL_PAIRS.map((pair) => JSON.stringify(pair)).join("\n"))).toEqual({
    ok: true,
    value: DEFAULT_NORMAL_PAIRS,
  });
  expect(new Set(DEFAULT_NORMAL_PAIRS.map(({ prompt }) => promptKeyOf(prompt))).size).toBe(DEFAULT_NORMAL_PAIRS.length);
});
