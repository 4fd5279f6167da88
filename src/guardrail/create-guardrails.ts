// The guardrails of a policy, in the order their verdicts are listed. Law: a rule that can't be compiled is an error, never dropped.
import { err, ok, type Result } from "../lib/result.ts";
import type { RandomBytes } from "../lib/ids.ts";
import { HARMFUL } from "../policy/category.ts";
import { type PolicyProblem, policyProblem } from "../policy/policy-faults.ts";
import type { Policy } from "../policy/policy.ts";
import { createAnswerSchemaGuardrail } from "./answer-schema/answer-schema-guardrail.ts";
import { createJudge } from "./create-judge.ts";
import { createActiveEdgeGuardrail } from "./edge-classifier/active-guardrail.ts";
import { type EdgeModel, shippedEdgeModel } from "./edge-classifier/edge-model.ts";
import type { SlowGuardrail } from "./guardrail.ts";
import { actionFor } from "./decide.ts";
import { createOperatorRulesGuardrail } from "./operator-rules.ts";
import { createPiiGuardrail } from "./pii/pii-guardrail.ts";
import { createPromptAttackGuardrail } from "./pattern-rules.ts";
import { createOverRefusalGuardrail } from "./refusal/over-refusal-guardrail.ts";
import { createProfanityGuardrail } from "./profanity.ts";
import { createPromptLeakGuardrail } from "./prompt-leak.ts";
import type { GuardrailSet } from "./run-guardrails.ts";
import { createSecretsGuardrail } from "./secrets.ts";
import { SIDES } from "./verdict.ts";

export interface CreatedGuardrails {
  readonly guardrails: GuardrailSet;
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
): Result<CreatedGuardrails, PolicyProblem> {
  const operatorRules = createOperatorRulesGuardrail(policy.operator_rules);
  if (!operatorRules.ok) {
    const faults = operatorRules.error.map(({ path, message }) => ({
      path: path.replace(/^rules/, "operator_rules"),
      message,
    }));
    return err(policyProblem(faults, "SETBACK_POLICY"));
  }
  // It has a score for one category, so that category's own line goes before its settings.
  const harmful = policy.thresholds[HARMFUL];
  const classifier = createActiveEdgeGuardrail(
    activeModel,
    (own) => ({
      input: harmful ?? thresholdOf(policy.classifier.input_threshold, own.input),
      output: harmful ?? thresholdOf(policy.classifier.output_threshold, own.output),
    }),
    policy.thresholds,
  );
  const attacks = createPromptAttackGuardrail();
  const inputLooks = [operatorRules.value, attacks, classifier].filter(({ sides }) => sides.includes("input"));
  const { answer_checks: checks } = policy;
  const fast = [
    operatorRules.value,
    createSecretsGuardrail(),
    // Where the policy lets it pass without a word, nobody asks for it.
    createPiiGuardrail(
      policy.pii,
      SIDES.filter((side) => actionFor(policy, side, "pii") !== "allow"),
    ),
    createPromptLeakGuardrail({ canaries: policy.canaries }),
    attacks,
    createProfanityGuardrail(),
    classifier,
    ...(policy.over_refusals === "ignore" ? [] : [createOverRefusalGuardrail({ guardrails: inputLooks })]),
    ...(checks.json_schema || checks.tool_parameters
      ? [createAnswerSchemaGuardrail({ jsonSchema: checks.json_schema, toolParameters: checks.tool_parameters })]
      : []),
  ];
  const slow: SlowGuardrail[] = [];
  for (const [place, judge] of policy.judges.entries()) {
    // A verdict is known by its guardrail's id.
    const isTaken = fast.some(({ id }) => id === judge.id);
    const created = isTaken
      ? err({ key: "id", message: "is another guardrail's" })
      : createJudge(judge, randomBytes, policy.thresholds);
    if (!created.ok) {
      const path = `judges.${place}.${created.error.key}`;
      return err(policyProblem([{ path, message: created.error.message }], "SETBACK_POLICY"));
    }
    slow.push(created.value);
  }
  return ok({ guardrails: { fast, slow } });
}
