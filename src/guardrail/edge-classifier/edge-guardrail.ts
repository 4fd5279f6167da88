// The edge classifier as a fast guardrail.
// Law: without a threshold for a side the score is reported and never flags.
import { HARMFUL } from "../../policy/category.ts";
import type { Exchange, ExchangeText } from "../exchange.ts";
import type { FastGuardrail } from "../guardrail.ts";
import type { Side, Verdict } from "../verdict.ts";
import { judged, skipped } from "../verdicts.ts";
import { createEdgeClassifier, type EdgeClassifier } from "./edge-classifier.ts";
import type { EdgeThresholds } from "./edge-weights.ts";
import { THRESHOLDS, WEIGHTS } from "./weights.ts";

const ID = "edge-classifier";
const NO_ANSWER = "There is no answer to read.";

/** The same list for the same conversation, which is read on both sides; an entry lives no longer than the conversation. */
const knownTurns = new WeakMap<readonly ExchangeText[], readonly string[]>();

function turnOf(conversation: readonly ExchangeText[]): readonly string[] {
  const turn = knownTurns.get(conversation) ?? turnInWork(conversation);
  knownTurns.set(conversation, turn);
  return turn;
}

/** The user's turn in work: the last run of user texts, and what tools said since. */
export function turnInWork(conversation: readonly ExchangeText[]): readonly string[] {
  const last = conversation.findLastIndex(({ role }) => role === "user");
  let first = last;
  while (first > 0 && conversation[first - 1]?.role === "user") first -= 1;
  return conversation
    .slice(Math.max(first, 0))
    .filter(({ role }) => role === "user" || role === "tool")
    .map(({ text }) => text);
}

function isBlank(texts: readonly string[]): boolean {
  return texts.every((text) => text.trim() === "");
}

function outputProbability(classifier: EdgeClassifier, { conversation, answer }: Exchange): number {
  const texts = answer.map(({ text, location }) => [location, text] as const);
  return classifier.answerProbability(turnOf(conversation), texts);
}

export function createEdgeGuardrail(
  thresholds: EdgeThresholds = THRESHOLDS,
  classifier: EdgeClassifier = createEdgeClassifier(WEIGHTS),
): FastGuardrail {
  const identity = { id: ID, version: classifier.version };

  function verdictOf(side: Side, score: number): Verdict {
    const threshold = thresholds[side];
    if (threshold === null) return { ...judged(identity, side, []), score };
    if (score < threshold) return judged(identity, side, [], { score, threshold });
    const subject = side === "input" ? "The request" : "The exchange";
    const message = `${subject} reads as harmful (probability ${score.toFixed(2)}, threshold ${threshold.toFixed(2)}).`;
    return judged(identity, side, [{ rule: ID, category: HARMFUL, span: null, message }], { score, threshold });
  }

  return {
    ...identity,
    sides: ["input", "output"],
    categories: [HARMFUL],
    check(exchange, side) {
      if (side === "input") {
        const turn = turnOf(exchange.conversation);
        if (isBlank(turn)) return skipped(identity, side, "There is no text of a user to read.");
        return verdictOf(side, classifier.promptProbability(turn));
      }
      if (isBlank(exchange.answer.map(({ text }) => text))) return skipped(identity, side, NO_ANSWER);
      return verdictOf(side, outputProbability(classifier, exchange));
    },
    follow(exchange) {
      const scorer = classifier.scorer(turnOf(exchange.conversation));
      let isBlankSoFar = true;
      return {
        push: (text, location) => {
          isBlankSoFar &&= isBlank([text]);
          scorer.push(text, location);
        },
        verdict: () =>
          isBlankSoFar ? skipped(identity, "output", NO_ANSWER) : verdictOf("output", scorer.probability()),
      };
    },
  };
}
