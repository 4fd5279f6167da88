// A finding in a window of a stream lies where the whole answer has it.
import { expect, it } from "vitest";
import { shiftedSpans } from "../../src/guardrail/shifted-spans.ts";
import { judged } from "../../src/guardrail/verdicts.ts";

it("shifts the spans of known parts alone", () => {
  const finding = { rule: "http", category: "S5", message: "m" } as const;
  const span = { location: "content", start: 1, end: 3 };
  const verdict = judged({ id: "j", version: "1" }, "output", [
    { ...finding, span },
    { ...finding, span: { ...span, location: "reasoning_content" } },
    { ...finding, span: null },
  ]);
  expect(shiftedSpans(verdict, new Map([["content", 100]])).findings.map((each) => each.span)).toEqual([
    { location: "content", start: 101, end: 103 },
    { location: "reasoning_content", start: 1, end: 3 },
    null,
  ]);
});
