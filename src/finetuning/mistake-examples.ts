// The examples that one mistake gives: its analysis, its correction, and the correction before the mistaken answer. Law: each stands
// or falls by itself, and a mistake without any is withheld with its reasons.
import { isRefusal } from "../guardrail/refusal/read-refusal.ts";
import { isSound } from "../mistake/analysis-quality.ts";
import { answerText } from "../mistake/exchange-text.ts";
import type { MistakeWithAnalyses } from "../mistake/mistake-store.ts";
import type { CheckTarget } from "./check-target.ts";
import { tellsPrivate } from "./private-text.ts";
import { saysHint } from "./hint-sentences.ts";
import {
  analysisExample,
  answeredExample,
  contextTexts,
  preferenceExample,
  targetText,
  type TrainingExample,
} from "./training-example.ts";
import { saysNothing } from "./withheld-text.ts";
import type { Withheld } from "./withheld.ts";
import { withoutAnswer } from "./without-answer.ts";
import { withoutHint } from "./without-hint.ts";

export interface ExampleTerms {
  readonly checkTarget: CheckTarget;
  readonly withPreferences: boolean;
  /** whether this target would refuse what was refused in error already */
  readonly isRefusedAgain: (promptKey: string, target: string) => boolean;
  /** whether a text speaks of a topic that is held out */
  readonly isHeldOutText: (text: string) => boolean;
}

type Reason = Withheld["reason"];

/** Why an analysis can't be a target. A refusal to analyse would teach the next model to refuse. */
function unfitness(analysis: string, answer: string): Reason | null {
  if (saysNothing(analysis)) return "empty_analysis";
  if (isRefusal(analysis)) return "refused_analysis";
  return withoutHint(answer) === "" ? "empty_answer" : null;
}

/** Trainers cut longer rows, and the target stands at their end. In UTF-16 units. */
const MOST_UNITS = 200_000;

/** The last look at a whole example, whatever it was made of. */
export function unfitExample(example: TrainingExample, { isHeldOutText }: ExampleTerms): Reason | null {
  const context = contextTexts(example);
  const target = targetText(example);
  if (context.reduce((sum, { length }) => sum + length, target.length) > MOST_UNITS) return "too_long";
  if (context.some(isHeldOutText)) return "held_out";
  if (context.some(saysHint) || saysHint(target)) return "instruction_kept";
  return [...context, target].some(tellsPrivate) ? "personal_data" : null;
}

function madeAnalysis({ mistake, analyses }: MistakeWithAnalyses, terms: ExampleTerms): TrainingExample | Reason {
  const answer = answerText(mistake.exchange.answer).toWellFormed();
  if (answer.length > MOST_UNITS) return "too_long";
  const sound = analyses.findLast(isSound);
  if (sound === undefined && analyses.length > 0) return "unsound_analysis";
  const analysis = withoutAnswer(withoutHint(sound?.text.toWellFormed() ?? ""), answer);
  const unfit = unfitness(analysis, answer);
  if (unfit !== null) return unfit;
  const made = analysisExample(mistake.id, mistake.exchange, analysis);
  const checked = terms.checkTarget(made, mistake.exchange.messages);
  return checked === null ? "target_flagged" : (unfitExample(checked, terms) ?? checked);
}

/** A given answer is a target whole or not at all: with something cut out it would teach to write the placeholder. */
export function madeAnswer(
  { mistake }: MistakeWithAnalyses,
  type: "correction" | "normal",
  given: string,
  terms: ExampleTerms,
): TrainingExample | Reason {
  if (given.length > MOST_UNITS) return "too_long";
  const answer = withoutHint(given.toWellFormed());
  if (saysNothing(answer)) return "empty_answer";
  const made = answeredExample(type, mistake.id, mistake.exchange, answer);
  if (made === null) return "empty_prompt";
  if (terms.isRefusedAgain(made.promptKey, answer)) return "refused_again";
  const checked = terms.checkTarget(made, mistake.exchange.messages);
  if (checked === null || targetText(checked) !== answer) return "target_flagged";
  return unfitExample(checked, terms) ?? checked;
}

function madePreference(
  item: MistakeWithAnalyses,
  correction: TrainingExample,
  terms: ExampleTerms,
): readonly TrainingExample[] {
  const rejected = withoutHint(answerText(item.mistake.exchange.answer));
  if (saysNothing(rejected) || rejected.trim() === targetText(correction).trim()) return [];
  const made = preferenceExample(correction, rejected);
  return unfitExample(made, terms) === null ? [made] : [];
}

export interface MadeExamples {
  readonly examples: readonly TrainingExample[];
  readonly withheld: readonly Withheld[];
}

export function mistakeExamples(item: MistakeWithAnalyses, terms: ExampleTerms): MadeExamples {
  const { id: mistakeId, correction } = item.mistake;
  const examples: TrainingExample[] = [];
  const withheld: Withheld[] = [];
  const take = (made: TrainingExample | Reason): void => {
    if (typeof made === "string") withheld.push({ mistakeId, reason: made });
    else examples.push(made);
  };
  // What has a correction and was never analysed is no worse for it.
  if (correction === null || item.analyses.length > 0) take(madeAnalysis(item, terms));
  if (correction !== null) {
    const made = madeAnswer(item, "correction", correction, terms);
    take(made);
    if (typeof made !== "string" && terms.withPreferences) examples.push(...madePreference(item, made, terms));
  }
  return { examples, withheld };
}
