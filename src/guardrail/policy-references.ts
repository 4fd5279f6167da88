// What a policy names must be there: categories that some guardrail reports, guardrails, rules, keys, a judge to escalate to.
// Law: each dangling reference is told with its path.
import { isCategory } from "../policy/category.ts";
import type { PolicyFault } from "../policy/policy-faults.ts";
import type { Policy } from "../policy/policy.ts";
import type { GuardrailSet } from "./run-guardrails.ts";

interface Reference {
  readonly path: string;
  readonly name: string;
}

function categoryReferences(policy: Policy): readonly Reference[] {
  const keysOf = (path: string, lines: object): Reference[] =>
    Object.keys(lines).map((name) => ({ path: `${path}.${name}`, name }));
  const failures = policy.on_guardrail_error;
  return [
    ...keysOf("actions.input", policy.actions.input),
    ...keysOf("actions.output", policy.actions.output),
    ...keysOf("on_guardrail_error", typeof failures === "string" ? {} : failures),
    ...keysOf("thresholds", policy.thresholds),
    ...policy.hard_categories.map((name, place) => ({ path: `hard_categories[${place}]`, name })),
    ...policy.allow.flatMap(({ categories }, place) =>
      (categories ?? []).map((name, index) => ({ path: `allow[${place}].categories[${index}]`, name })),
    ),
  ];
}

/** The table's own categories are always there, whether or not a guardrail of today reports them. */
function danglingCategories(policy: Policy, set: GuardrailSet): readonly PolicyFault[] {
  const reported = new Set([...set.fast, ...set.slow].flatMap(({ categories }) => categories));
  const isOpen = [...reported].some((category) => !isCategory(category));
  if (isOpen) return [];
  return categoryReferences(policy)
    .filter(({ name }) => name.startsWith("custom:") && name !== "custom:*" && !reported.has(name))
    .map(({ path, name }) => ({ path, message: `no guardrail of this policy reports "${name}"` }));
}

function danglingAllowances(policy: Policy, set: GuardrailSet, keyIds: ReadonlySet<string>): readonly PolicyFault[] {
  const guardrails = new Set([...set.fast, ...set.slow].map(({ id }) => id));
  const rules = new Set(policy.operator_rules.map(({ id }) => id));
  return policy.allow.flatMap(({ guardrail, rule, key_ids: keys }, place) => [
    ...(guardrail === null || guardrails.has(guardrail)
      ? []
      : [{ path: `allow[${place}].guardrail`, message: `this policy has no guardrail "${guardrail}"` }]),
    ...(guardrail !== "operator-rules" || rule === null || rules.has(rule)
      ? []
      : [{ path: `allow[${place}].rule`, message: `no operator rule is called "${rule}"` }]),
    ...(keys ?? []).flatMap((key, index) =>
      keyIds.has(key)
        ? []
        : [{ path: `allow[${place}].key_ids[${index}]`, message: `the project has no key "${key}"` }],
    ),
  ]);
}

function duplicateAllowances({ allow }: Policy): readonly PolicyFault[] {
  return allow.flatMap(({ id }, place) =>
    allow.findIndex((other) => other.id === id) < place
      ? [{ path: `allow[${place}].id`, message: `another allowance is called "${id}"` }]
      : [],
  );
}

/** A judge of what is wrong in fact reads no harm, so it stands in for no classifier. */
export function escalationFaults(
  { on_unsupported_language: choice }: Pick<Policy, "on_unsupported_language">,
  { slow }: Pick<GuardrailSet, "slow">,
): readonly PolicyFault[] {
  const isAnybodyAsked = slow.some(({ categories }) => categories.some((category) => category !== "incorrect"));
  if (choice !== "escalate" || isAnybodyAsked) return [];
  return [{ path: "on_unsupported_language", message: "escalates to a judge, and there is none" }];
}

/** @param keyIds of the project's keys */
export function danglingReferences(
  policy: Policy,
  set: GuardrailSet,
  keyIds: ReadonlySet<string>,
): readonly PolicyFault[] {
  return [
    ...danglingCategories(policy, set),
    ...danglingAllowances(policy, set, keyIds),
    ...duplicateAllowances(policy),
    ...escalationFaults(policy, set),
  ];
}
