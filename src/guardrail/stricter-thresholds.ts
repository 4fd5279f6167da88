// Thresholds that a request lowers. Law: lower is stricter, and one that the policy leaves to a guardrail can't be compared.
import { err, ok, type Result } from "../lib/result.ts";
import { HARMFUL } from "../policy/category.ts";
import type { PolicyFault } from "../policy/policy-faults.ts";
import type { Policy } from "../policy/policy.ts";
import type { EdgeThresholds } from "./edge-classifier/edge-weights.ts";

type Classifier = Policy["classifier"];
type AskedClassifier = { readonly [Key in keyof Classifier]?: Classifier[Key] | undefined };

/** Of weights: what «shipped» means. */
export interface OwnNumbers {
  readonly thresholds: EdgeThresholds;
  readonly uncertainFrom: EdgeThresholds;
}

const LOOSER = "would be a higher threshold: a header can only make the policy stricter";

/** Never to flag is the highest threshold of all. */
function valueOf(threshold: Classifier["input_threshold"], shipped: number | null): number {
  return (threshold === "shipped" ? shipped : threshold) ?? Infinity;
}

function valuesOf(
  { input_threshold, output_threshold }: Classifier,
  own: EdgeThresholds,
): { readonly input: number; readonly output: number } {
  return { input: valueOf(input_threshold, own.input), output: valueOf(output_threshold, own.output) };
}

/** Where the uncertain band begins: lower asks more of judges. Without a band none is asked for being uncertain. */
function fromShipped({ thresholds, uncertainFrom }: OwnNumbers): Readonly<Record<keyof Classifier, number | null>> {
  return {
    input_threshold: thresholds.input,
    output_threshold: thresholds.output,
    input_uncertain_from: uncertainFrom.input,
    output_uncertain_from: uncertainFrom.output,
  };
}

const KEYS = ["input_threshold", "output_threshold", "input_uncertain_from", "output_uncertain_from"] as const;

/** @param own of the weights in use, which is what «shipped» means */
export function stricterClassifier(
  before: Classifier,
  asked: AskedClassifier,
  own: OwnNumbers,
): Result<Classifier, readonly PolicyFault[]> {
  const after = { ...before };
  const faults: PolicyFault[] = [];
  for (const key of KEYS) {
    const given = asked[key];
    if (given === undefined) continue;
    after[key] = given;
    const shipped = fromShipped(own)[key];
    if (valueOf(given, shipped) > valueOf(before[key], shipped)) faults.push({ path: key, message: LOOSER });
  }
  return faults.length > 0 ? err(faults) : ok(after);
}

/** @param classifier what holds for its category while no line of `thresholds` does */
export function stricterThresholds(
  before: Policy["thresholds"],
  asked: Policy["thresholds"],
  classifier: Classifier,
  own: EdgeThresholds,
): Result<Policy["thresholds"], readonly PolicyFault[]> {
  const { input, output } = valuesOf(classifier, own);
  const faults = Object.entries(asked).flatMap(([category, threshold]): PolicyFault[] => {
    const old = before[category] ?? (category === HARMFUL ? Math.min(input, output) : undefined);
    if (old === undefined) {
      return [{ path: category, message: "has no threshold in the policy, so that nobody can tell which is stricter" }];
    }
    return threshold > old ? [{ path: category, message: LOOSER }] : [];
  });
  return faults.length > 0 ? err(faults) : ok({ ...before, ...asked });
}
