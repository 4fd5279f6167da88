// Normal examples: the operator's pairs, and answers that people called no mistake. Law: checked like every other target.
import { answerText } from "../mistake/exchange-text.ts";
import type { MistakeWithAnalyses } from "../mistake/mistake-store.ts";
import { madeAnswer, unfitExample, type ExampleTerms } from "./mistake-examples.ts";
import type { NormalPair } from "./normal-pair.ts";
import { normalExample, type TrainingExample } from "./training-example.ts";
import type { Withheld } from "./withheld.ts";

export function pairExample({ prompt, answer }: NormalPair, terms: ExampleTerms): TrainingExample | Withheld {
  const example = normalExample(prompt, answer);
  if (terms.isRefusedAgain(example.promptKey, answer)) return { mistakeId: null, reason: "refused_again" };
  const checked = terms.checkTarget(example, [{ role: "user", content: prompt }]);
  if (checked === null) return { mistakeId: null, reason: "target_flagged" };
  const unfit = unfitExample(checked, terms);
  return unfit === null ? checked : { mistakeId: null, reason: unfit };
}

/** Of a dismissed mistake. */
export function goodExample(item: MistakeWithAnalyses, terms: ExampleTerms): TrainingExample | Withheld {
  const made = madeAnswer(item, "normal", answerText(item.mistake.exchange.answer), terms);
  return typeof made === "string" ? { mistakeId: item.mistake.id, reason: made } : made;
}
