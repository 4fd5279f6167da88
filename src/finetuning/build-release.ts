// Builds a release's files out of mistakes and normal pairs. Law: pure and deterministic — the same inputs give the same bytes;
// every target is checked again; no prompt stands in two splits.
import { isRefusal } from "../guardrail/refusal/read-refusal.ts";
import { answerText, lastUserText } from "../mistake/exchange-text.ts";
import type { MistakeWithAnalyses } from "../mistake/mistake-store.ts";
import type { ChatMessage } from "../wire/chat-completion.ts";
import { analysisExample, exampleLine, normalExample, promptKeyOf, type TrainingExample } from "./training-example.ts";
import type { NormalPair } from "./normal-pair.ts";
import { saysNothing } from "./withheld-text.ts";
import { withoutAnswer } from "./without-answer.ts";
import { withoutHint } from "./without-hint.ts";

/** At most this share of a release are analyses (Safety-Tuned LLaMAs: more safety data, more over-refusal). */
export const MOST_ANALYSES_SHARE = 0.3;
const VALIDATION_SHARE = 0.1;

/**
 * The example with what a guardrail found in its target cut out, or null where that can't be done and it must not be
 * trained on. `conversation` is what the target must keep secrets of: for an analysis, the mistake's own.
 */
export type CheckTarget = (example: TrainingExample, conversation: readonly ChatMessage[]) => TrainingExample | null;

/** A stable pseudo-random order for texts: FNV-1a, 32 bit, of the seed and the text. */
export type OrderOf = (text: string) => number;

export interface Withheld {
  readonly mistakeId: string | null;
  readonly reason: "empty_analysis" | "empty_answer" | "refused_analysis" | "refused_again" | "target_flagged";
}

export interface BuiltRelease {
  readonly train: readonly TrainingExample[];
  readonly validation: readonly TrainingExample[];
  readonly withheld: readonly Withheld[];
}

export interface ReleaseInputs {
  readonly mistakes: readonly MistakeWithAnalyses[];
  readonly normalPairs: readonly NormalPair[];
  readonly checkTarget: CheckTarget;
  readonly orderOf: OrderOf;
}

/** Why an analysis can't be a target. A refusal to analyse would teach the next model to refuse. */
function unfitness(analysis: string, answer: string): Withheld["reason"] | null {
  if (saysNothing(analysis)) return "empty_analysis";
  if (isRefusal(analysis)) return "refused_analysis";
  return withoutHint(answer) === "" ? "empty_answer" : null;
}

function analysisExamples({ mistakes, checkTarget }: ReleaseInputs, withheld: Withheld[]): readonly TrainingExample[] {
  return mistakes.flatMap(({ mistake, analyses }) => {
    const answer = answerText(mistake.exchange.answer);
    const analysis = withoutAnswer(withoutHint(analyses.at(-1)?.text ?? ""), answer);
    const unfit = unfitness(analysis, answer);
    if (unfit !== null) {
      withheld.push({ mistakeId: mistake.id, reason: unfit });
      return [];
    }
    const checked = checkTarget(analysisExample(mistake.id, mistake.exchange, analysis), mistake.exchange.messages);
    if (checked === null) withheld.push({ mistakeId: mistake.id, reason: "target_flagged" });
    return checked === null ? [] : [checked];
  });
}

/** As many normal pairs as keep the analyses to their share, if there are that many. */
function normalExamples(inputs: ReleaseInputs, analyses: number, withheld: Withheld[]): readonly TrainingExample[] {
  const wanted = Math.ceil((analyses * (1 - MOST_ANALYSES_SHARE)) / MOST_ANALYSES_SHARE);
  const examples: TrainingExample[] = [];
  const shuffled = inputs.normalPairs
    .map((pair) => ({ pair, order: inputs.orderOf(pair.prompt) }))
    .toSorted((left, right) => left.order - right.order);
  const refused = new Set(
    inputs.mistakes
      .filter(({ mistake }) => mistake.kind === "over_refusal")
      .map(({ mistake }) => promptKeyOf(lastUserText(mistake.exchange.messages))),
  );
  for (const { pair } of shuffled) {
    if (examples.length >= wanted) break;
    // What was confirmed to be refused in error is never shown refused as a good answer.
    if (refused.has(promptKeyOf(pair.prompt)) && isRefusal(pair.answer)) {
      withheld.push({ mistakeId: null, reason: "refused_again" });
      continue;
    }
    const checked = inputs.checkTarget(normalExample(pair.prompt, pair.answer), [
      { role: "user", content: pair.prompt },
    ]);
    if (checked === null) withheld.push({ mistakeId: null, reason: "target_flagged" });
    else examples.push(checked);
  }
  return examples;
}

/** A tenth of the prompts, once there are ten of them. */
function validationPrompts(examples: readonly TrainingExample[], orderOf: OrderOf): ReadonlySet<string> {
  const prompts = [...new Set(examples.map(({ promptKey }) => promptKey))];
  const ordered = prompts.toSorted((left, right) => orderOf(left) - orderOf(right) || (left < right ? -1 : 1));
  return new Set(ordered.slice(0, Math.floor(prompts.length * VALIDATION_SHARE)));
}

export function buildRelease(inputs: ReleaseInputs): BuiltRelease {
  const withheld: Withheld[] = [];
  const analyses = analysisExamples(inputs, withheld);
  const normal = normalExamples(inputs, analyses.length, withheld);
  // Chosen within each type, so that a small release keeps its few analyses for training.
  const held = new Set([...validationPrompts(analyses, inputs.orderOf), ...validationPrompts(normal, inputs.orderOf)]);
  const examples = [...analyses, ...normal].toSorted(
    (left, right) => inputs.orderOf(exampleLine(left)) - inputs.orderOf(exampleLine(right)),
  );
  return {
    train: examples.filter(({ promptKey }) => !held.has(promptKey)),
    validation: examples.filter(({ promptKey }) => held.has(promptKey)),
    withheld,
  };
}
