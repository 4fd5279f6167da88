// The problems that guardrails themselves cause.
import { expect, it } from "vitest";
import { guardrailUnavailable, inputBlocked } from "../../src/generation/guarded-problems.ts";
import { failed, judged } from "../../src/guardrail/verdicts.ts";
import { DEFAULT_POLICY, type Policy } from "../../src/policy/policy.ts";

const policy: Policy = {
  ...DEFAULT_POLICY,
  actions: { ...DEFAULT_POLICY.actions, input: { default: "annotate", prompt_attack: "block", S7: "redact" } },
};
const verdicts = [
  judged({ id: "one", version: "1" }, "input", [
    { rule: "r", category: "prompt_attack", span: null, message: "m" },
    { rule: "r", category: "S7", span: null, message: "m" },
    { rule: "r", category: "offensive", span: null, message: "m" },
  ]),
  failed({ id: "two", version: "1" }, "input", "the words of the user"),
];

it("tells of a blocked input in Azure's shape, what was withheld and what only noted", () => {
  const problem = inputBlocked(policy, verdicts, [{ role: "user", content: "What is it?" }], "atk_1");
  expect(problem).toMatchObject({
    status: 400,
    type: "invalid_request_error",
    code: "content_filter",
    param: "messages",
    details: {
      innererror: {
        code: "ResponsibleAIPolicyViolation",
        content_filter_result: {
          jailbreak: { filtered: true, detected: true },
          profanity: { filtered: false, detected: true },
          custom_blocklists: { filtered: true, details: [{ filtered: true, id: "S7" }] },
        },
      },
      setback: { action: "block", attack_id: "atk_1" },
    },
  });
  expect(JSON.stringify(problem)).not.toContain("the words of the user");
});

it("says which guardrail failed, and lets nobody pay for another answer", () => {
  const input = guardrailUnavailable("judge", "input");
  expect(input).toMatchObject({ status: 503, type: "server_error", code: "guardrail_unavailable" });
  expect(input.message).toContain("judge");
  expect(input.headers).toBeUndefined();
  expect(guardrailUnavailable("judge", "output").headers).toEqual({ "x-should-retry": "false" });
});
