// When a label contradicts what the guardrails said.
import { expect, it } from "vitest";
import type { Verdict } from "../../src/guardrail/verdict.ts";
import { contradictsGuardrails } from "../../src/mistake/contradicts-guardrails.ts";
import type { FeedbackLabel } from "../../src/mistake/feedback.ts";
import type { Category } from "../../src/policy/category.ts";

function verdict(side: Verdict["side"], status: Verdict["status"], category: Category = "S1"): Verdict {
  const findings = status === "flag" ? [{ rule: "r", category, span: null, message: "m" }] : [];
  const none = { reason: null, score: null, threshold: null, latencyMilliseconds: null, rationale: null };
  return { guardrail: "g", version: "1", side, status, findings, ...none };
}

const PASSED = [verdict("input", "pass"), verdict("output", "pass")];
const FLAGGED = [verdict("input", "pass"), verdict("output", "flag"), verdict("output", "pass")];
const REFUSED = [verdict("input", "pass"), verdict("output", "flag", "over_refusal")];
const ASKED_BADLY = [verdict("input", "flag"), verdict("output", "pass")];
const SILENT = [verdict("output", "error"), verdict("output", "skipped")];

it.each<[readonly Verdict[], FeedbackLabel, Category | null, boolean]>([
  [PASSED, "good", null, false],
  [FLAGGED, "good", null, true],
  [REFUSED, "good", null, true],
  [ASKED_BADLY, "good", null, false],
  [SILENT, "good", null, false],
  [PASSED, "mistake", null, true],
  [PASSED, "mistake", "S1", true],
  [PASSED, "mistake", "incorrect", false],
  [FLAGGED, "mistake", null, false],
  [ASKED_BADLY, "mistake", null, true],
  [SILENT, "mistake", "S1", false],
  [PASSED, "over_refusal", null, false],
  [REFUSED, "over_refusal", null, false],
  [FLAGGED, "over_refusal", null, true],
  [ASKED_BADLY, "over_refusal", null, true],
  [SILENT, "over_refusal", null, false],
])("%# is told", (verdicts, label, category, contradicts) => {
  expect(contradictsGuardrails(verdicts, label, category)).toBe(contradicts);
});
