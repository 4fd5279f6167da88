// The guardrails of a policy, in the order their verdicts are listed. Law: a rule that can't be compiled is an error, never dropped.
import { err, ok, type Result } from "../lib/result.ts";
import type { RandomBytes } from "../lib/ids.ts";
import type { Policy } from "../policy/policy.ts";
import { invalidRequest, type Problem } from "../problem.ts";
import { createActiveEdgeGuardrail } from "./edge-classifier/active-guardrail.ts";
import { shippedEdgeModel, type EdgeModel } from "./edge-classifier/edge-model.ts";
import { createOperatorRulesGuardrail } from "./operator-rules.ts";
import { createPromptAttackGuardrail } from "./pattern-rules.ts";
import { createProfanityGuardrail } from "./profanity.ts";
import { createPromptLeakGuardrail } from "./prompt-leak.ts";
import type { GuardrailSet } from "./run-guardrails.ts";
import { createSecretsGuardrail } from "./secrets.ts";
import { createSelfCheckGuardrail } from "./self-check/self-check-guardrail.ts";

export interface CreatedGuardrails {
  readonly guardrails: GuardrailSet;
  /** stored with every mistake */
  readonly classifierVersion: string | null;
}

function thresholdOf(asked: number | "shipped" | null, shipped: number | null): number | null {
  return asked === "shipped" ? shipped : asked;
}

/**
 * @param randomBytes for the delimiters between which the judge sees a text
 * @param activeModel the edge classifier's weights and thresholds in use
 */
export function createGuardrails(
  policy: Policy,
  randomBytes: RandomBytes,
  activeModel: () => EdgeModel = shippedEdgeModel,
): Result<CreatedGuardrails, Problem> {
  const operatorRules = createOperatorRulesGuardrail(policy.operator_rules);
  if (!operatorRules.ok) {
    const [fault] = operatorRules.error;
    const path = fault?.path.replace(/^rules/, "operator_rules") ?? "operator_rules";
    return err(invalidRequest(`SETBACK_POLICY: ${path}: ${fault?.message ?? "is wrong"}`, path, "invalid_policy"));
  }
  const classifier = createActiveEdgeGuardrail(activeModel, (own) => ({
    input: thresholdOf(policy.classifier.input_threshold, own.input),
    output: thresholdOf(policy.classifier.output_threshold, own.output),
  }));
  const fast = [
    operatorRules.value,
    createSecretsGuardrail(),
    createPromptLeakGuardrail({ canaries: policy.canaries }),
    createPromptAttackGuardrail(),
    createProfanityGuardrail(),
    classifier,
  ];
  const slow =
    policy.self_check === null ? [] : [createSelfCheckGuardrail({ sides: policy.self_check.sides, randomBytes })];
  return ok({ guardrails: { fast, slow }, classifierVersion: activeModel().classifier.version });
}
