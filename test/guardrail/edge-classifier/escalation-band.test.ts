// Where judges are asked while published weights are in use: in the band of those weights.
import { expect, it } from "vitest";
import { allowingGuardrails } from "../../../src/guardrail/allowing-guardrails.ts";
import { createGuardrails } from "../../../src/guardrail/create-guardrails.ts";
import { shippedEdgeModel } from "../../../src/guardrail/edge-classifier/edge-model.ts";
import type { GuardrailSet } from "../../../src/guardrail/run-guardrails.ts";
import { runCascade } from "../../../src/guardrail/run-cascade.ts";
import { allowanceSchema } from "../../../src/policy/allowance-schema.ts";
import { DEFAULT_POLICY, type Policy } from "../../../src/policy/policy.ts";
import { unwrap } from "../../../src/problem.ts";
import { callOf } from "../../fakes/guardrail-call.ts";
import { judgeKeys } from "../../fakes/judge-keys.ts";
import { scriptedJudge } from "../../fakes/scripted-judge.ts";
import { ScriptedModel } from "../../fakes/scripted-model.ts";
import { answering, conversationOf } from "../exchange-of.ts";

const POLICY: Policy = { ...DEFAULT_POLICY, judges: [judgeKeys({ run: "uncertain" })] };
const EXCHANGE = answering("Lamps give light.", conversationOf(["user", "What are lamps for?"]));

it.each([
  ["unsure of everything", 0, "pass"],
  ["sure of everything", null, "skipped"],
])("is that of the weights in use, which are %s, also where something is allowed", async (_, from, status) => {
  const shipped = shippedEdgeModel();
  const model = { ...shipped, uncertainFrom: { input: from, output: from } };
  const { guardrails } = unwrap(
    createGuardrails(
      DEFAULT_POLICY,
      (length) => new Uint8Array(length),
      () => model,
    ),
  );
  const set: GuardrailSet = { fast: guardrails.fast, slow: [scriptedJudge({ sides: ["input", "output"] })] };
  const allowance = allowanceSchema.parse({ id: "a", rule: "r" });
  const allowing = allowingGuardrails(set, [allowance], { keyId: "key_1", now: 0, promptHash: null });
  for (const each of [set, allowing]) {
    for (const side of ["input", "output"] as const) {
      const cascade = { guardrails: each, policy: POLICY, call: callOf(new ScriptedModel("")), draw: 0.5 };
      const verdicts = await runCascade(cascade, EXCHANGE, side);
      expect(verdicts.at(-1)).toMatchObject({ guardrail: "judge", side, status });
    }
  }
});
