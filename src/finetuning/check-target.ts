// Checks a training target by the output guardrails once more. Law: what is flagged and can't be cut out is never trained on.
import { conversationTexts } from "../generation/exchange-of.ts";
import { cutSpans } from "../lib/cut-spans.ts";
import { flaggedFindings } from "../guardrail/flagged-categories.ts";
import type { FastGuardrail } from "../guardrail/guardrail.ts";
import { runFastGuardrail } from "../guardrail/run-guardrails.ts";
import { OVER_REFUSAL } from "../policy/category.ts";
import type { ChatMessage } from "../wire/chat-completion.ts";
import type { TrainingExample } from "./training-example.ts";
import { saysNothing, WITHHELD_TEXT } from "./withheld-text.ts";

/**
 * The example with what a guardrail found in its target cut out, or null where that can't be done and it must not be
 * trained on. `conversation` is what the target must keep secrets of: for an analysis, the mistake's own.
 */
export type CheckTarget = (example: TrainingExample, conversation: readonly ChatMessage[]) => TrainingExample | null;

const TARGET = "content";

/** A guardrail may report one place of several: so more than one pass. */
const MOST_PASSES = 5;

export function checkTargetWith(guardrails: readonly FastGuardrail[]): CheckTarget {
  const output = guardrails.filter(({ sides }) => sides.includes("output"));
  return (example, messages) => {
    const conversation = conversationTexts(messages);
    const target = example.messages.at(-1);
    if (target === undefined) return null;
    let { content } = target;
    for (let pass = 1; pass <= MOST_PASSES; pass += 1) {
      const answer = [{ role: "assistant" as const, text: content, location: TARGET }];
      const verdicts = output.map((guardrail) =>
        runFastGuardrail(guardrail, { conversation, answer, guidance: [] }, "output"),
      );
      if (verdicts.some(({ status }) => status === "error")) return null;
      const findings = flaggedFindings(verdicts);
      if (findings.length === 0) {
        if (content === target.content) return example;
        return { ...example, messages: [...example.messages.slice(0, -1), { ...target, content }] };
      }
      // A refusal of a harmless request has no part that could be trained on.
      if (findings.some(({ category }) => category === OVER_REFUSAL)) return null;
      const spans = findings.flatMap(({ span }) => (span?.location === TARGET ? [span] : []));
      if (spans.length < findings.length) return null;
      content = cutSpans(content, spans, WITHHELD_TEXT);
      if (saysNothing(content)) return null;
    }
    return null;
  };
}
