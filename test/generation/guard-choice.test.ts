// One choice as the client gets it: untouched, annotated, redacted or blocked.
import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { BLOCKED_SENTENCES } from "../../src/generation/blocked-sentences.ts";
import { guardChoice } from "../../src/generation/guard-choice.ts";
import type { Verdict } from "../../src/guardrail/verdict.ts";
import { failed, judged } from "../../src/guardrail/verdicts.ts";
import type { Category } from "../../src/policy/category.ts";
import { DEFAULT_POLICY, type Action, type Policy } from "../../src/policy/policy.ts";
import type { CompletionChoice } from "../../src/wire/chat-completion.ts";

const QUESTION = [{ role: "user" as const, content: "What is it?" }];
const SECRET = "the words of the model";
const LOUD: CompletionChoice = {
  index: 1,
  message: {
    role: "assistant",
    content: SECRET,
    refusal: SECRET,
    reasoning_content: SECRET,
    tool_calls: [{ id: "1", function: { name: SECRET, arguments: SECRET } }],
    function_call: { name: "f", arguments: SECRET },
    audio: { transcript: SECRET },
  },
  finish_reason: "stop",
  logprobs: { content: [{ token: SECRET, logprob: 0 }] },
  stop_reason: SECRET,
};

const policyWith = (action: Action): Policy => ({
  ...DEFAULT_POLICY,
  actions: { ...DEFAULT_POLICY.actions, output: { default: action } },
});

const flag = (category: Category = "S10", score?: { score: number; threshold: number }): Verdict =>
  judged(
    { id: "one", version: "3" },
    "output",
    [{ rule: "r", category, span: { location: "content", start: 0, end: 3 }, message: "m" }],
    score,
  );
const EXPLAINED = {
  guardrail: "one",
  version: "3",
  side: "output",
  rule: "r",
  category: "S10",
  span: { location: "content", start: 0, end: 3 },
  message: "m",
};

describe("guardChoice", () => {
  it("passes what no guardrail flagged, the very same object", () => {
    const verdicts = [judged({ id: "one", version: "1" }, "output", [])];
    expect(guardChoice(LOUD, verdicts, "allow", DEFAULT_POLICY, null, QUESTION)).toEqual(LOUD);
  });

  it("passes what the policy allows, flagged or not", () => {
    expect(guardChoice(LOUD, [flag()], "allow", policyWith("allow"), "mis_1", QUESTION)).toEqual(LOUD);
  });

  it("keeps nothing of a blocked choice, wherever it stood", () => {
    const blocked = guardChoice(LOUD, [flag()], "block", policyWith("block"), "mis_1", QUESTION);
    expect(JSON.stringify(blocked)).not.toContain(SECRET);
    expect(blocked).toMatchObject({ content_filter_results: { hate: { filtered: true, severity: "high" } } });
    expect({ ...blocked, content_filter_results: null }).toEqual({
      index: 1,
      message: { role: "assistant", content: "" },
      finish_reason: "content_filter",
      logprobs: null,
      content_filter_results: null,
      setback: {
        action: "block",
        message: BLOCKED_SENTENCES.en.output,
        mistake_id: "mis_1",
        findings: [EXPLAINED],
      },
    });
  });

  it("tells the people at the other end in their own language, and only where something was withheld", () => {
    const asked = [
      ...QUESTION,
      { role: "assistant" as const, content: "…" },
      { role: "user" as const, content: "请告诉我。" },
    ];
    const blocked = guardChoice(LOUD, [flag()], "block", policyWith("block"), null, asked);
    expect(blocked).toMatchObject({ setback: { message: BLOCKED_SENTENCES.zh.output } });
    const annotated = guardChoice(LOUD, [flag()], "annotate", policyWith("annotate"), null, asked);
    expect(JSON.stringify(annotated)).not.toContain(BLOCKED_SENTENCES.zh.output);
  });

  it("keeps nothing of any blocked choice, whatever fields it has", () => {
    const anything = fc.dictionary(
      fc.string({ minLength: 1 }),
      fc.oneof(fc.constant(SECRET), fc.array(fc.constant(SECRET)), fc.dictionary(fc.string(), fc.constant(SECRET))),
    );
    fc.assert(
      fc.property(anything, anything, (message, choice) => {
        const loud = { ...choice, ...LOUD, message: { ...message, ...LOUD.message } };
        const blocked = guardChoice(loud, [flag()], "block", policyWith("block"), null, QUESTION);
        expect(JSON.stringify(blocked)).not.toContain(SECRET);
      }),
    );
  });

  it("annotates: the choice stays, and says why", () => {
    const annotated = guardChoice(
      LOUD,
      [flag("S10", { score: 0.9, threshold: 0.5 })],
      "annotate",
      policyWith("annotate"),
      null,
      QUESTION,
    );
    expect(annotated).toMatchObject({ content_filter_results: { hate: { filtered: false, severity: "high" } } });
    expect({ ...annotated, content_filter_results: null }).toEqual({
      ...LOUD,
      content_filter_results: null,
      setback: { action: "annotate", findings: [{ ...EXPLAINED, score: 0.9, threshold: 0.5 }] },
    });
  });

  it("drops the log probabilities of a redacted choice, which repeat its tokens", () => {
    const redacted = guardChoice(LOUD, [flag()], "redact", policyWith("redact"), null, QUESTION);
    expect(redacted).toMatchObject({
      logprobs: null,
      finish_reason: "stop",
      content_filter_results: { hate: { filtered: true } },
      setback: { action: "redact" },
    });
  });

  it("names a guardrail that failed under a policy that fails open", () => {
    const open = guardChoice(
      LOUD,
      [failed({ id: "judge", version: "2" }, "output", SECRET)],
      "allow",
      DEFAULT_POLICY,
      null,
      QUESTION,
    );
    expect(open).toEqual({
      ...LOUD,
      setback: {
        action: "allow",
        findings: [],
        failed: [{ guardrail: "judge", version: "2", side: "output", status: "error" }],
      },
    });
  });
});
