// Thresholds that a request lowers. Law: lower is stricter, and one that the policy leaves to a guardrail can't be compared.
import { err, ok, type Result } from "../lib/result.ts";
import { HARMFUL } from "../policy/category.ts";
import type { PolicyFault } from "../policy/policy-faults.ts";
import type { Policy } from "../policy/policy.ts";
import { THRESHOLDS } from "./edge-classifier/weights.ts";

type Classifier = Policy["classifier"];
type AskedClassifier = { readonly [Key in keyof Classifier]?: Classifier[Key] | undefined };

const LOOSER = "would be a higher threshold: a header can only make the policy stricter";

/** Never to flag is the highest threshold of all. */
function valueOf(threshold: Classifier["input_threshold"], shipped: number | null): number {
  return (threshold === "shipped" ? shipped : threshold) ?? Infinity;
}

function valuesOf({ input_threshold, output_threshold }: Classifier): {
  readonly input: number;
  readonly output: number;
} {
  return { input: valueOf(input_threshold, THRESHOLDS.input), output: valueOf(output_threshold, THRESHOLDS.output) };
}

export function stricterClassifier(
  before: Classifier,
  asked: AskedClassifier,
): Result<Classifier, readonly PolicyFault[]> {
  const after: Classifier = {
    input_threshold: asked.input_threshold === undefined ? before.input_threshold : asked.input_threshold,
    output_threshold: asked.output_threshold === undefined ? before.output_threshold : asked.output_threshold,
  };
  const [old, now] = [valuesOf(before), valuesOf(after)];
  const faults = [
    ...(now.input > old.input ? [{ path: "input_threshold", message: LOOSER }] : []),
    ...(now.output > old.output ? [{ path: "output_threshold", message: LOOSER }] : []),
  ];
  return faults.length > 0 ? err(faults) : ok(after);
}

/** @param classifier what holds for its category while no line of `thresholds` does */
export function stricterThresholds(
  before: Policy["thresholds"],
  asked: Policy["thresholds"],
  classifier: Classifier,
): Result<Policy["thresholds"], readonly PolicyFault[]> {
  const { input, output } = valuesOf(classifier);
  const faults = Object.entries(asked).flatMap(([category, threshold]): PolicyFault[] => {
    const old = before[category] ?? (category === HARMFUL ? Math.min(input, output) : undefined);
    if (old === undefined) {
      return [{ path: category, message: "has no threshold in the policy, so that nobody can tell which is stricter" }];
    }
    return threshold > old ? [{ path: category, message: LOOSER }] : [];
  });
  return faults.length > 0 ? err(faults) : ok({ ...before, ...asked });
}
