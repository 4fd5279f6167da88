// An edge classifier in a test: its score stands in the text, as «score 0.42»; the last one counts.
import { EDGE_CLASSIFIER_ID } from "../../src/guardrail/edge-classifier/classifier-version.ts";
import type { FastGuardrail } from "../../src/guardrail/guardrail.ts";
import { judged, skipped } from "../../src/guardrail/verdicts.ts";
import type { Side, Verdict } from "../../src/guardrail/verdict.ts";
import { HARMFUL } from "../../src/policy/category.ts";

export const THRESHOLD = 0.8;

/** A text without a score is in a language that it can't read. */
export function scoredClassifier(): FastGuardrail {
  const identity = { id: EDGE_CLASSIFIER_ID, version: "1" };
  const verdictOf = (side: Side, text: string): Verdict => {
    const said = [...text.matchAll(/score (\d(?:\.\d+)?)/g)].at(-1)?.[1];
    if (said === undefined) return skipped(identity, side, "unsupported_language");
    const score = Number(said);
    const finding = { rule: "edge", category: HARMFUL, span: null, message: "reads as harmful" };
    return judged(identity, side, score >= THRESHOLD ? [finding] : [], { score, threshold: THRESHOLD });
  };
  return {
    ...identity,
    sides: ["input", "output"],
    categories: [HARMFUL],
    check: ({ conversation, answer }, side) =>
      verdictOf(side, (side === "input" ? conversation : answer).map(({ text }) => text).join("\n")),
    follow: () => {
      let text = "";
      return {
        push: (piece) => {
          text += piece;
        },
        verdict: () => verdictOf("output", text),
      };
    },
  };
}
