// A policy under `monitor`: everything is checked and recorded as ever, and nothing is withheld, inputs included.
// Law: pure; what would have been done is for the policy without it to say, so that one is kept beside it.
import type { Action, Policy } from "./policy.ts";

type Actions = Policy["actions"]["input"];

function observed(actions: Actions): Actions {
  return Object.fromEntries(
    Object.entries(actions).map(([category, action]): [string, Action] => [
      category,
      action === "allow" ? "allow" : "annotate",
    ]),
  );
}

/** Its version ends in `+monitor`, so that what is stored tells under what it was let through. */
export function monitoredPolicy(policy: Policy): Policy {
  return {
    ...policy,
    version: `${policy.version}+monitor`,
    monitor: true,
    stream_mode: "observe",
    actions: { input: observed(policy.actions.input), output: observed(policy.actions.output) },
    on_guardrail_error: "open",
    judges: policy.judges.map((judge) => ({ ...judge, on_unread: "allow" as const })),
    unscannable_parts: "allow",
    on_unsupported_language: policy.on_unsupported_language === "block" ? "allow" : policy.on_unsupported_language,
  };
}
