// Cutting flagged spans out of an answer.
import { describe, expect, it } from "vitest";
import { givenCharacters, redactAnswer } from "../../src/generation/redact-answer.ts";
import type { Finding, Span, Verdict } from "../../src/guardrail/verdict.ts";
import { failed, judged } from "../../src/guardrail/verdicts.ts";
import type { Category } from "../../src/policy/category.ts";
import { DEFAULT_POLICY, type Policy } from "../../src/policy/policy.ts";

const identity = { id: "one", version: "1" };
const policy: Policy = {
  ...DEFAULT_POLICY,
  actions: { ...DEFAULT_POLICY.actions, output: { default: "annotate", S7: "redact" } },
};
const at = (location: string, start: number, end: number): Span => ({ location, start, end });
const flag = (category: Category, span: Span | null): Verdict => {
  const finding: Finding = { rule: "r", category, span, message: "m" };
  return judged(identity, "output", [finding]);
};

const MESSAGE = {
  role: "assistant",
  content: "call 555 now",
  reasoning_content: "call 555 now",
  refusal: null,
  tool_calls: [{ id: "1", type: "function", function: { name: "f", arguments: '{"n":"555"}' } }],
  function_call: { name: "f", arguments: '{"n":"555"}' },
};

describe("redactAnswer", () => {
  it.each<[string, Verdict[], object]>([
    ["the flagged place alone", [flag("S7", at("content", 5, 8))], { content: "call [redacted] now" }],
    ["reasoning", [flag("S7", at("reasoning_content", 5, 8))], { reasoning_content: "call [redacted] now" }],
    [
      "arguments of a tool call",
      [flag("S7", at("tool_calls[0].function.arguments", 6, 9))],
      { tool_calls: [{ id: "1", type: "function", function: { name: "f", arguments: '{"n":"[redacted]"}' } }] },
    ],
    [
      "a field we do not know",
      [flag("S7", at("function_call.arguments", 6, 9))],
      { function_call: { name: "f", arguments: '{"n":"[redacted]"}' } },
    ],
    [
      "two places of one text",
      [flag("S7", at("content", 0, 4)), flag("S7", at("content", 9, 12))],
      { content: "[redacted] 555 [redacted]" },
    ],
    ["nothing of another category", [flag("S1", at("content", 5, 8))], {}],
    ["nothing without a span", [flag("S7", null)], {}],
    ["nothing that no guardrail flagged", [failed(identity, "output", "broke")], {}],
    ["nothing of the conversation", [flag("S7", at("messages[0].content", 0, 4))], {}],
  ])("cuts %s", (_name, verdicts, changed) => {
    expect(redactAnswer(MESSAGE, verdicts, policy)).toEqual({ ...MESSAGE, ...changed });
  });
});

describe("the characters of the model in what leaves", () => {
  it("are all but those that were cut, without our markers and with the model's own", () => {
    const answer = { role: "assistant", content: "say [redacted] or 555" };
    const sent = { role: "assistant", content: "say [redacted] or [redacted]" };
    expect(givenCharacters(answer, answer)).toBe(21);
    expect(givenCharacters(answer, sent)).toBe(18);
  });
});
