// A policy that a request makes stricter (header x-setback-policy). Law: pure; never looser in any key, and what can't be compared
// is refused. Every key of a policy has its line here: one without is a compile error.
import { err, ok, type Result } from "../lib/result.ts";
import { fnv1a } from "../lib/fnv1a.ts";
import { faultsOf, type PolicyFault } from "../policy/policy-faults.ts";
import { CONSENTS, type Policy, policySchema, UNSUPPORTED_LANGUAGE_CHOICES } from "../policy/policy.ts";
import { stricterPolicySchema } from "../policy/stricter-policy-schema.ts";
import { THRESHOLDS, UNCERTAIN_FROM } from "./edge-classifier/weights.ts";
import { moreJudges } from "./stricter-judges.ts";
import { stricterActions } from "./stricter-actions.ts";
import { stricterFailures } from "./stricter-failures.ts";
import { type OwnNumbers, stricterClassifier, stricterThresholds } from "./stricter-thresholds.ts";

/** From the loosest to the strictest. */
const MODES = ["observe", "hold_back", "buffer"] as const satisfies readonly Policy["stream_mode"][];
const GUIDANCE = ["off", "sandwich", "deliberate"] as const satisfies readonly Policy["guidance"][];
const UNSCANNABLE = ["allow", "reject"] as const satisfies readonly Policy["unscannable_parts"][];

/** What a key becomes, or why it must not. */
type Merge<Value, Asked> = (before: Value, asked: Asked) => Result<Value, readonly PolicyFault[]>;

function looser(path = ""): Result<never, readonly PolicyFault[]> {
  return err([{ path, message: "would make the policy looser: a header can only make it stricter" }]);
}

/** A place further right is stricter. */
function alongScale<Value>(scale: readonly Value[]): Merge<Value, Value> {
  return (before, asked) => (scale.indexOf(asked) >= scale.indexOf(before) ? ok(asked) : looser());
}

const atMost: Merge<number, number> = (before, asked) => (asked <= before ? ok(asked) : looser());

/** What the policy has stays, and more comes to it. */
function withMore<Value>(before: readonly Value[], asked: readonly Value[]): Result<Value[], readonly PolicyFault[]> {
  return ok([...asked, ...before.filter((value) => !asked.includes(value))]);
}

function same(left: unknown, right: unknown): boolean {
  return JSON.stringify(left) === JSON.stringify(right);
}

const fewer: Merge<Policy["allow"], Policy["allow"]> = (before, asked) => {
  const added = asked.findIndex((allowance) => !before.some((known) => same(known, allowance)));
  return added < 0 ? ok(asked) : looser(`[${added}]`);
};

const moreRules: Merge<Policy["operator_rules"], Policy["operator_rules"]> = (before, asked) => {
  const known = asked.findIndex(({ id }) => before.some((rule) => rule.id === id));
  if (known < 0) return ok([...asked, ...before]);
  return err([{ path: `[${known}].id`, message: "is a rule of the policy already, which a header can't replace" }]);
};

/** More requests count as risky; how long guidance may take is the operator's. */
const moreRisky: Merge<Policy["deliberate"], Policy["deliberate"]> = (before, asked) =>
  asked.risky_from <= before.risky_from
    ? ok({ ...before, risky_from: asked.risky_from })
    : err([{ path: "risky_from", message: "would be higher: a header can only make the policy stricter" }]);

const moreChecks: Merge<Policy["answer_checks"], Policy["answer_checks"]> = (before, asked) => ({
  ok: true,
  value: {
    json_schema: before.json_schema || asked.json_schema,
    tool_parameters: before.tool_parameters || asked.tool_parameters,
  },
});

/** More is looked for, and less of it may be repeated. */
const morePii: Merge<Policy["pii"], Policy["pii"]> = (before, asked) => {
  const added = asked.may_repeat.findIndex((role) => !before.may_repeat.includes(role));
  if (added >= 0) return looser(`may_repeat[${added}]`);
  const kinds = [...new Set([...before.kinds, ...asked.kinds])];
  const regions = [...new Set([...before.regions, ...asked.regions])];
  return ok({ kinds, regions, may_repeat: asked.may_repeat });
};

/**
 * The policy with these keys, or every key that would make it looser. Lists of rules and canaries are added to its own.
 *
 * @param own of the edge classifier's weights in use
 */
export function stricterPolicy(
  before: Policy,
  changes: unknown,
  own: OwnNumbers = { thresholds: THRESHOLDS, uncertainFrom: UNCERTAIN_FROM },
): Result<Policy, readonly PolicyFault[]> {
  const parsed = stricterPolicySchema.safeParse(changes);
  if (!parsed.success) return err(faultsOf(parsed.error));
  const asked = parsed.data;
  if (Object.keys(asked).length === 0) return ok(before);
  const faults: PolicyFault[] = [];
  const merged = <Value, Asked>(
    key: keyof Policy,
    old: Value,
    given: Asked | undefined,
    merge: Merge<Value, Asked>,
  ): Value => {
    if (given === undefined) return old;
    const result = merge(old, given);
    if (result.ok) return result.value;
    for (const { path, message } of result.error) {
      faults.push({ path: path === "" || path.startsWith("[") ? `${key}${path}` : `${key}.${path}`, message });
    }
    return old;
  };
  const fingerprint = fnv1a(JSON.stringify(asked)).toString(16).padStart(8, "0");
  const stricter: Policy = {
    version: `${before.version}+header-${fingerprint}`,
    guidance: merged("guidance", before.guidance, asked.guidance, alongScale(GUIDANCE)),
    deliberate: merged("deliberate", before.deliberate, asked.deliberate, moreRisky),
    stream_mode: merged("stream_mode", before.stream_mode, asked.stream_mode, alongScale(MODES)),
    actions: merged("actions", before.actions, asked.actions, stricterActions),
    on_guardrail_error: merged(
      "on_guardrail_error",
      before.on_guardrail_error,
      asked.on_guardrail_error,
      stricterFailures,
    ),
    judges: merged("judges", before.judges, asked.judges, moreJudges),
    hard_categories: merged("hard_categories", before.hard_categories, asked.hard_categories, withMore),
    unscannable_parts: merged(
      "unscannable_parts",
      before.unscannable_parts,
      asked.unscannable_parts,
      alongScale(UNSCANNABLE),
    ),
    repair_attempts: merged("repair_attempts", before.repair_attempts, asked.repair_attempts, atMost),
    max_answer_characters: merged(
      "max_answer_characters",
      before.max_answer_characters,
      asked.max_answer_characters,
      atMost,
    ),
    classifier: merged("classifier", before.classifier, asked.classifier, (old, given) =>
      stricterClassifier(old, given, own),
    ),
    operator_rules: merged("operator_rules", before.operator_rules, asked.operator_rules, moreRules),
    canaries: merged("canaries", before.canaries, asked.canaries, withMore),
    answer_checks: merged("answer_checks", before.answer_checks, asked.answer_checks, moreChecks),
    pii: merged("pii", before.pii, asked.pii, morePii),
    store: merged("store", before.store, asked.store, alongScale([true, false])),
    monitor: merged("monitor", before.monitor, asked.monitor, alongScale([true, false])),
    scan_roles: merged("scan_roles", before.scan_roles, asked.scan_roles, withMore),
    allow: merged("allow", before.allow, asked.allow, fewer),
    on_unsupported_language: merged(
      "on_unsupported_language",
      before.on_unsupported_language,
      asked.on_unsupported_language,
      alongScale(UNSUPPORTED_LANGUAGE_CHOICES),
    ),
    thresholds: merged("thresholds", before.thresholds, asked.thresholds, (old, given) =>
      stricterThresholds(old, given, before.classifier, own.thresholds),
    ),
    consent: merged("consent", before.consent, asked.consent, alongScale(CONSENTS)),
    // Of a project and not of a request: no header can name them.
    judge_budget: before.judge_budget,
    over_refusals: before.over_refusals,
    poisoning: before.poisoning,
    retention_days: before.retention_days,
    feedback: before.feedback,
    analysis: before.analysis,
    review: before.review,
  };
  if (faults.length > 0) return err(faults);
  // Judges share the budget of a request: a failure that those of the header cause must not let pass what the policy's would stop.
  if (stricter.judges.length > before.judges.length) stricter.on_guardrail_error = "closed";
  // Added to what the policy has, a list may have become too long.
  const fits = policySchema.safeParse({ ...stricter, version: before.version.slice(0, 64) });
  return fits.success ? ok(stricter) : err(faultsOf(fits.error));
}
