// Checks a training target by the output guardrails once more. Law: what is flagged and can't be cut out is never trained on.
import { cutSpans } from "../lib/cut-spans.ts";
import { flaggedFindings } from "../guardrail/flagged-categories.ts";
import type { FastGuardrail } from "../guardrail/guardrail.ts";
import { runFastGuardrail } from "../guardrail/run-guardrails.ts";
import type { CheckTarget } from "./build-release.ts";
import { saysNothing, WITHHELD_TEXT } from "./withheld-text.ts";

const TARGET = "content";

export function checkTargetWith(guardrails: readonly FastGuardrail[]): CheckTarget {
  const output = guardrails.filter(({ sides }) => sides.includes("output"));
  return (example) => {
    const conversation = example.messages
      .slice(0, -1)
      .map(({ role, content }, index) => ({ role, text: content, location: `messages[${index}].content` }));
    const target = example.messages.at(-1);
    if (target === undefined) return null;
    const answer = [{ role: "assistant" as const, text: target.content, location: TARGET }];
    const verdicts = output.map((guardrail) =>
      runFastGuardrail(guardrail, { conversation, answer, guidance: [] }, "output"),
    );
    if (verdicts.some(({ status }) => status === "error")) return null;
    const findings = flaggedFindings(verdicts);
    if (findings.length === 0) return example;
    const spans = findings.flatMap(({ span }) => (span?.location === TARGET ? [span] : []));
    if (spans.length < findings.length) return null;
    const content = cutSpans(target.content, spans, WITHHELD_TEXT);
    if (saysNothing(content)) return null;
    return { ...example, messages: [...example.messages.slice(0, -1), { ...target, content }] };
  };
}
