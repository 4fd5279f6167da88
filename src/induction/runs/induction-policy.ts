// The policy that an attempt goes by: the deployed one, with guidance or without. Law: an error is never a pass; nothing is
// repaired, since the first answer is what counts; what the run stores is the operator's own.
import type { CompiledPolicy } from "../../guardrail/compiled-policy.ts";
import type { InductionArm, InductionSettings } from "../../mistake/induction-run.ts";
import type { Action, Policy } from "../../policy/policy.ts";

function passing(actions: Policy["actions"]["input"]): Policy["actions"]["input"] {
  return Object.fromEntries(
    Object.entries(actions).map(([category, action]): [string, Action] => [
      category,
      action === "allow" ? "allow" : "annotate",
    ]),
  );
}

function guidanceOf({ guidance }: Policy, arm: InductionArm): Policy["guidance"] {
  if (arm === "unguided") return "off";
  return guidance === "off" ? "sandwich" : guidance;
}

/** Calls that one turn may take. */
export function callsATurn(policy: Policy): Readonly<Record<InductionArm, number>> {
  return { unguided: 1, guided: guidanceOf(policy, "guided") === "deliberate" ? 2 : 1 };
}

export function inductionPolicy(
  { policy, guardrails }: CompiledPolicy,
  arm: InductionArm,
  { passInputs }: Pick<InductionSettings, "passInputs">,
): CompiledPolicy {
  const { input } = policy.actions;
  return {
    guardrails,
    enforced: null,
    policy: {
      ...policy,
      guidance: guidanceOf(policy, arm),
      consent: "opt_out",
      on_guardrail_error: "closed",
      repair_attempts: 0,
      feedback: { ...policy.feedback, window_hours: 0 },
      actions: { ...policy.actions, input: passInputs ? passing(input) : input },
    },
  };
}
