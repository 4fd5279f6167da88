// The edge classifier as a fast guardrail.
// Law: without a threshold for a side the score is reported and never flags; a language that was never fitted is skipped.
import { EDGE_CLASSIFIER_ID } from "./classifier-version.ts";
import { type Category, HARMFUL } from "../../policy/category.ts";
import type { Exchange } from "../exchange.ts";
import type { FastGuardrail, Follower } from "../guardrail.ts";
import { UNSUPPORTED_LANGUAGE } from "../unsupported-language.ts";
import type { Finding, Side, Verdict } from "../verdict.ts";
import { judged, skipped } from "../verdicts.ts";
import { undisguised } from "./disguise.ts";
import { HEAD_CATEGORIES, type ReadCategories } from "./category-heads.ts";
import type { EdgeClassifier } from "./edge-classifier.ts";
import { shippedEdgeModel } from "./edge-model.ts";
import type { EdgeThresholds } from "./edge-weights.ts";
import { isInFittedLanguage } from "./fitted-language.ts";
import { promptReadings, turnOf } from "./turn-in-work.ts";

export const EDGE_SIDES = ["input", "output"] as const;
export const EDGE_CATEGORIES = [HARMFUL, ...HEAD_CATEGORIES] as const;

const NO_ANSWER = "There is no answer to read.";

/** By category, what a policy asks for instead of a head's own threshold. */
export type CategoryThresholds = Readonly<Partial<Record<Category, number>>>;

type AnswerTexts = readonly (readonly [location: string, text: string])[];

interface Reading {
  readonly score: number;
  /** all texts that the score is of */
  readonly texts: readonly string[];
}

function isBlank(texts: readonly string[]): boolean {
  return texts.every((text) => text.trim() === "");
}

function highest(first: Reading, others: readonly Reading[]): Reading {
  return others.reduce((best, one) => (one.score > best.score ? one : best), first);
}

/** Each text by its reading of that place, or as it stands. */
function answerReadings(answer: AnswerTexts): AnswerTexts[] {
  const readings = answer.map(([, text]) => undisguised(text));
  const most = Math.max(0, ...readings.map(({ length }) => length));
  return Array.from({ length: most }, (_, place) =>
    answer.map(([location, text], index) => {
      const ofText = readings[index] ?? [];
      return [location, ofText[Math.min(place, ofText.length - 1)] ?? text] as const;
    }),
  );
}

export function createEdgeGuardrail(
  thresholds: EdgeThresholds = shippedEdgeModel().thresholds,
  classifier: EdgeClassifier = shippedEdgeModel().classifier,
  readCategories: ReadCategories = shippedEdgeModel().readCategories,
  categoryThresholds: CategoryThresholds = {},
): FastGuardrail {
  const identity = { id: EDGE_CLASSIFIER_ID, version: classifier.version };

  function findingsOf(side: Side, { score, texts }: Reading, threshold: number): Finding[] {
    const subject = side === "input" ? "The request" : "The exchange";
    const finding = { rule: EDGE_CLASSIFIER_ID, span: null };
    const message = `${subject} reads as harmful (probability ${score.toFixed(2)}, threshold ${threshold.toFixed(2)}).`;
    const named = readCategories(texts)
      .map((one) => ({ ...one, threshold: categoryThresholds[one.category] ?? one.threshold }))
      .filter((one) => one.probability >= one.threshold);
    return [
      { ...finding, category: HARMFUL, message },
      ...named.map(({ category, probability, threshold: least }) => ({
        ...finding,
        category,
        message: `${subject} reads as ${category} (probability ${probability.toFixed(2)}, threshold ${least.toFixed(2)}).`,
      })),
    ];
  }

  function verdictOf(side: Side, reading: Reading): Verdict {
    const { score } = reading;
    const threshold = thresholds[side];
    if (threshold === null) return { ...judged(identity, side, []), score };
    const findings = score < threshold ? [] : findingsOf(side, reading, threshold);
    return judged(identity, side, findings, { score, threshold });
  }

  function checkInput({ conversation }: Exchange): Verdict {
    const turn = turnOf(conversation);
    if (isBlank(turn)) return skipped(identity, "input", "There is no text of a user to read.");
    const others = promptReadings(turn);
    if (!isInFittedLanguage(others[0] ?? turn)) return skipped(identity, "input", UNSUPPORTED_LANGUAGE);
    const reading = (texts: readonly string[]): Reading => ({ score: classifier.promptProbability(texts), texts });
    return verdictOf("input", highest(reading(turn), others.map(reading)));
  }

  /** @param plainScore of the texts as they stand */
  function outputVerdict(turn: readonly string[], answer: AnswerTexts, plainScore: () => number): Verdict {
    const texts = answer.map(([, text]) => text);
    if (isBlank(texts)) return skipped(identity, "output", NO_ANSWER);
    const answers = answerReadings(answer);
    const language = answers[0]?.map(([, text]) => text) ?? texts;
    if (!isInFittedLanguage(language)) return skipped(identity, "output", UNSUPPORTED_LANGUAGE);
    const plain = { score: plainScore(), texts: [...turn, ...texts] };
    const prompts = promptReadings(turn);
    const disguises = answers.length + prompts.length === 0 ? 0 : Math.max(answers.length, prompts.length);
    const others = Array.from({ length: disguises }, (_, place): Reading => {
      const prompt = prompts[Math.min(place, prompts.length - 1)] ?? turn;
      const read = answers[Math.min(place, answers.length - 1)] ?? answer;
      return { score: classifier.answerProbability(prompt, read), texts: [...prompt, ...read.map(([, text]) => text)] };
    });
    return verdictOf("output", highest(plain, others));
  }

  return {
    ...identity,
    sides: EDGE_SIDES,
    categories: EDGE_CATEGORIES,
    check(exchange, side) {
      if (side === "input") return checkInput(exchange);
      const turn = turnOf(exchange.conversation);
      const answer = exchange.answer.map(({ text, location }) => [location, text] as const);
      return outputVerdict(turn, answer, () => classifier.answerProbability(turn, answer));
    },
    follow(exchange): Follower {
      const turn = turnOf(exchange.conversation);
      const scorer = classifier.scorer(turn);
      // Kept for what is no running sum; a stream looks where its answer has grown by half, so all looks together are linear.
      const texts = new Map<string, string>();
      return {
        push: (text, location) => {
          scorer.push(text, location);
          texts.set(location, (texts.get(location) ?? "") + text);
        },
        verdict: () => outputVerdict(turn, [...texts], () => scorer.probability()),
      };
    },
  };
}
