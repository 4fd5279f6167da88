// A policy that a request makes stricter (header x-setback-policy). Law: pure; never looser in any key, and what can't be compared
// is refused. Every key of a policy has its line here: one without is a compile error.
import { err, ok, type Result } from "../lib/result.ts";
import { fnv1a } from "../lib/fnv1a.ts";
import { faultsOf, type PolicyFault } from "../policy/policy-faults.ts";
import { CONSENTS, type Policy, policySchema, UNSUPPORTED_LANGUAGE_CHOICES } from "../policy/policy.ts";
import { stricterPolicySchema } from "../policy/stricter-policy-schema.ts";
import { stricterActions } from "./stricter-actions.ts";
import { stricterFailures } from "./stricter-failures.ts";
import { stricterClassifier, stricterThresholds } from "./stricter-thresholds.ts";

/** From the loosest to the strictest. */
const MODES = ["observe", "hold_back", "buffer"] as const satisfies readonly Policy["stream_mode"][];
const GUIDANCE = ["off", "sandwich"] as const satisfies readonly Policy["guidance"][];
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

/** Whether another judge is stricter can't be told, so one that the policy has stays as it is. */
const judgeAdded: Merge<Policy["self_check"], Policy["self_check"]> = (before, asked) =>
  before === null || same(before, asked) ? ok(asked) : looser();

/** The policy with these keys, or every key that would make it looser. Lists of rules and canaries are added to its own. */
export function stricterPolicy(before: Policy, changes: unknown): Result<Policy, readonly PolicyFault[]> {
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
    stream_mode: merged("stream_mode", before.stream_mode, asked.stream_mode, alongScale(MODES)),
    actions: merged("actions", before.actions, asked.actions, stricterActions),
    on_guardrail_error: merged(
      "on_guardrail_error",
      before.on_guardrail_error,
      asked.on_guardrail_error,
      stricterFailures,
    ),
    self_check: merged("self_check", before.self_check, asked.self_check, judgeAdded),
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
    classifier: merged("classifier", before.classifier, asked.classifier, stricterClassifier),
    operator_rules: merged("operator_rules", before.operator_rules, asked.operator_rules, moreRules),
    canaries: merged("canaries", before.canaries, asked.canaries, withMore),
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
      stricterThresholds(old, given, before.classifier),
    ),
    consent: merged("consent", before.consent, asked.consent, alongScale(CONSENTS)),
    // Of a project and not of a request: no header can name it.
    retention_days: before.retention_days,
  };
  if (faults.length > 0) return err(faults);
  // Added to what the policy has, a list may have become too long.
  const fits = policySchema.safeParse({ ...stricter, version: before.version.slice(0, 64) });
  return fits.success ? ok(stricter) : err(faultsOf(fits.error));
}
