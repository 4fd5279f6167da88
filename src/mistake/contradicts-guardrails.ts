// Whether what somebody says of an answer contradicts what the guardrails said: then a person looks at it (quarantine
// `contradiction`). Law: pure; an error or a skipped check says nothing, so it contradicts nothing.
import type { Verdict } from "../guardrail/verdict.ts";
import { OVER_REFUSAL, type Category } from "../policy/category.ts";
import type { FeedbackLabel } from "./feedback.ts";

/** Truth and form are hardly checked: that a guardrail passed the answer says nothing about them. */
const UNCHECKED = new Set<Category>(["incorrect"]);

function flags(verdicts: readonly Verdict[], counts: (category: Category) => boolean): boolean {
  return verdicts.some(
    ({ status, findings }) =>
      status === "flag" && (findings.length === 0 || findings.some(({ category }) => counts(category))),
  );
}

/**
 * `good` of an answer that was flagged; `mistake` of one that every guardrail passed, unless it is called merely incorrect;
 * `over_refusal` where the question or the answer was flagged for anything but a refusal.
 *
 * @param verdicts of both sides
 * @param category what the answer is said to be; null where that was left open
 */
export function contradictsGuardrails(
  verdicts: readonly Verdict[],
  label: FeedbackLabel,
  category: Category | null,
): boolean {
  const ofAnswer = verdicts.filter(({ side }) => side === "output");
  switch (label) {
    case "good":
      return flags(ofAnswer, () => true);
    case "over_refusal":
      return flags(verdicts, (found) => found !== OVER_REFUSAL);
    case "mistake":
      if (category !== null && UNCHECKED.has(category)) return false;
      return ofAnswer.some(({ status }) => status === "pass") && !ofAnswer.some(({ status }) => status === "flag");
  }
}
