// Builds the examples of a release, or of one part of it, out of mistakes and normal pairs. Law: pure and deterministic — the same
// inputs give the same bytes; every target is checked again; no prompt stands in two splits.
import { isRefusal } from "../guardrail/refusal/read-refusal.ts";
import type { MistakeWithAnalyses } from "../mistake/mistake-store.ts";
import { lastUserText } from "../mistake/exchange-text.ts";
import type { MistakeSource } from "../mistake/mistake.ts";
import { MOST_ANALYSES_SHARE, type Split } from "../release/release.ts";
import type { CheckTarget } from "./check-target.ts";
import type { IsHeldOut } from "./holdout.ts";
import { mistakeExamples, type ExampleTerms } from "./mistake-examples.ts";
import type { NormalPair } from "./normal-pair.ts";
import { goodExample, pairExample } from "./normal-examples.ts";
import { orderedExamples, validationPrompts } from "./split-examples.ts";
import { promptKeyOf, type TrainingExample } from "./training-example.ts";
import type { Withheld } from "./withheld.ts";

/** A stable pseudo-random order for texts: FNV-1a, 32 bit, of the seed and the text. */
export type OrderOf = (text: string) => number;

export interface BuiltRelease {
  readonly train: readonly TrainingExample[];
  readonly validation: readonly TrainingExample[];
  /** mistakes whose cluster has its example already: released with it, in no row of their own */
  readonly members: readonly ClusterMember[];
  readonly withheld: readonly Withheld[];
  /** of the normal pairs given, how many were looked at */
  readonly pairsRead: number;
}

export interface ClusterMember {
  readonly mistakeId: string;
  readonly clusterId: string;
}

export interface ReleaseInputs {
  readonly mistakes: readonly MistakeWithAnalyses[];
  /** dismissed mistakes, whose answers were good: taken before normal pairs are */
  readonly goodAnswers?: readonly MistakeWithAnalyses[];
  /** in the order in which they are taken */
  readonly normalPairs: readonly NormalPair[];
  readonly checkTarget: CheckTarget;
  readonly orderOf: OrderOf;
  readonly analysesShare?: number;
  readonly withPreferences?: boolean;
  readonly isHeldOut?: IsHeldOut;
  readonly isHeldOutText?: (text: string) => boolean;
  readonly weights?: Readonly<Partial<Record<MistakeSource, number>>>;
  /** clusters that have their example already; null: every mistake has one of its own */
  readonly represented?: ReadonlySet<string> | null;
  /** prompts that were refused in error, beyond those of the mistakes given */
  readonly wasRefusedInError?: (promptKey: string) => boolean;
  /** which split a prompt is in; without it, a tenth of the prompts given is for validation */
  readonly splitOf?: (promptKey: string) => Split;
}

/** How often a mistake's examples are in the release: the same each time for the same mistake. */
function copiesOf({ mistake }: MistakeWithAnalyses, { weights, orderOf }: ReleaseInputs): number {
  const weight = weights?.[mistake.source] ?? 1;
  const rest = weight - Math.floor(weight);
  return Math.floor(weight) + (orderOf(`weight ${mistake.id}`) / 0x1_0000_0000 < rest ? 1 : 0);
}

interface FromMistakes {
  readonly examples: readonly TrainingExample[];
  readonly members: readonly ClusterMember[];
}

function fromMistakes(inputs: ReleaseInputs, terms: ExampleTerms, withheld: Withheld[]): FromMistakes {
  const examples: TrainingExample[] = [];
  const members: ClusterMember[] = [];
  const represented = inputs.represented === null ? null : new Set(inputs.represented);
  for (const item of inputs.mistakes) {
    const { id: mistakeId, clusterId } = item.mistake;
    if (inputs.isHeldOut?.(item.mistake) === true) {
      withheld.push({ mistakeId, reason: "held_out" });
      continue;
    }
    if (represented !== null && clusterId !== null && represented.has(clusterId)) {
      members.push({ mistakeId, clusterId });
      continue;
    }
    const copies = copiesOf(item, inputs);
    if (copies === 0) {
      withheld.push({ mistakeId, reason: "weight" });
      continue;
    }
    const made = mistakeExamples(item, terms);
    withheld.push(...made.withheld);
    for (let copy = 0; copy < copies; copy += 1) examples.push(...made.examples);
    if (made.examples.length > 0 && clusterId !== null) represented?.add(clusterId);
  }
  return { examples, members };
}

interface NormalExamples {
  readonly examples: readonly TrainingExample[];
  readonly pairsRead: number;
}

/** As many normal examples as keep what is made of mistakes to the share of analyses, if there are that many. */
function normalExamples(
  inputs: ReleaseInputs,
  terms: ExampleTerms,
  ofMistakes: number,
  withheld: Withheld[],
): NormalExamples {
  const share = inputs.analysesShare ?? MOST_ANALYSES_SHARE;
  const wanted = Math.ceil((ofMistakes * (1 - share)) / share);
  const examples: TrainingExample[] = [];
  const take = (made: TrainingExample | Withheld): void => {
    if ("reason" in made) withheld.push(made);
    else examples.push(made);
  };
  for (const item of inputs.goodAnswers ?? []) {
    if (examples.length >= wanted) break;
    const isHeldOut = inputs.isHeldOut?.(item.mistake) === true;
    take(isHeldOut ? { mistakeId: item.mistake.id, reason: "held_out" } : goodExample(item, terms));
  }
  let pairsRead = 0;
  for (const pair of inputs.normalPairs) {
    if (examples.length >= wanted) break;
    pairsRead += 1;
    take(pairExample(pair, terms));
  }
  return { examples, pairsRead };
}

function exampleTerms(inputs: ReleaseInputs): ExampleTerms {
  const refused = new Set(
    inputs.mistakes
      .filter(({ mistake }) => mistake.kind === "over_refusal")
      .map(({ mistake }) => promptKeyOf(lastUserText(mistake.exchange.messages))),
  );
  return {
    checkTarget: inputs.checkTarget,
    withPreferences: inputs.withPreferences === true,
    isHeldOutText: inputs.isHeldOutText ?? (() => false),
    // What was confirmed to be refused in error is never shown refused as a good answer.
    isRefusedAgain: (promptKey, target) =>
      (refused.has(promptKey) || inputs.wasRefusedInError?.(promptKey) === true) && isRefusal(target),
  };
}

export function buildRelease(inputs: ReleaseInputs): BuiltRelease {
  const withheld: Withheld[] = [];
  const terms = exampleTerms(inputs);
  const { examples: own, members } = fromMistakes(inputs, terms, withheld);
  const analyses = own.filter(({ type }) => type === "analysis");
  const corrections = own.filter(({ type }) => type === "correction");
  const ofMistakes = analyses.length + corrections.length;
  const { examples: normal, pairsRead } = normalExamples(inputs, terms, ofMistakes, withheld);
  // Chosen within each type, so that a small release keeps its few analyses for training.
  const groups = [analyses, corrections, normal];
  const held = new Set(groups.flatMap((group) => [...validationPrompts(group, inputs.orderOf)]));
  const splitOf = inputs.splitOf ?? ((promptKey: string): Split => (held.has(promptKey) ? "validation" : "train"));
  const ordered = orderedExamples([...own, ...normal], inputs.orderOf);
  return {
    train: ordered.filter(({ promptKey }) => splitOf(promptKey) === "train"),
    validation: ordered.filter(({ promptKey }) => splitOf(promptKey) === "validation"),
    members,
    withheld,
    pairsRead,
  };
}
