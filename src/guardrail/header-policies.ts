// The policies that requests make stricter, by the header x-setback-policy. Law: the same header over the same policy is compiled
// once; a header that can't be read refuses the request, with the path of every fault.
import type { Clock } from "../lib/clock.ts";
import { ExpiringCache } from "../lib/expiring-cache.ts";
import { isNestedDeeperThan } from "../lib/nesting.ts";
import { parseJson } from "../lib/parse-json.ts";
import { err, ok, type Result } from "../lib/result.ts";
import { policyProblem } from "../policy/policy-faults.ts";
import type { Policy } from "../policy/policy.ts";
import type { Problem } from "../problem.ts";
import type { EdgeModel } from "./edge-classifier/edge-model.ts";
import { type CompiledPolicy, type CompilePolicy, recast } from "./compiled-policy.ts";
import { escalationFaults } from "./policy-references.ts";
import { stricterPolicy } from "./stricter-policy.ts";

export const POLICY_HEADER = "x-setback-policy";

const MOST_CHARACTERS = 16_384;
const MOST_LEVELS = 10;
const CAPACITY = 20;
const KNOWN_MILLISECONDS = 10 * 60_000;

/** What guardrails are made from: where none of it changes, they are the same ones. */
const GUARDRAIL_KEYS = [
  "operator_rules",
  "canaries",
  "thresholds",
  "classifier",
  "judges",
  "pii",
  "answer_checks",
] as const;

type OwnModel = Pick<EdgeModel, "classifier" | "thresholds" | "uncertainFrom">;

function parsed(header: string): unknown {
  const value = parseJson(header);
  return isNestedDeeperThan(value, MOST_LEVELS) ? undefined : value;
}

/** The policy as it was written, with the project's switch in its own key. */
function written({ policy, enforced }: CompiledPolicy): Policy {
  return enforced === null ? policy : { ...enforced, monitor: true };
}

export class HeaderPolicies {
  readonly #compile: CompilePolicy;
  readonly #activeModel: () => OwnModel;
  readonly #known: ExpiringCache<CompiledPolicy>;

  constructor(compile: CompilePolicy, clock: Clock, activeModel: () => OwnModel) {
    this.#compile = compile;
    this.#activeModel = activeModel;
    this.#known = new ExpiringCache(CAPACITY, clock);
  }

  /** @param projectId whose policy it is */
  under(projectId: string, base: CompiledPolicy, header: string): Result<CompiledPolicy, Problem> {
    const { classifier, ...own } = this.#activeModel();
    // Under other weights the same threshold may be a looser one.
    const place = `${projectId} ${base.policy.version} ${classifier.version} ${header}`;
    const known = this.#known.get(place);
    if (known !== undefined) return ok(known);
    const changes = header.length > MOST_CHARACTERS ? undefined : parsed(header);
    if (changes === undefined) {
      const message = `It must be JSON of at most ${MOST_CHARACTERS} characters.`;
      return err(policyProblem([{ path: "", message }], POLICY_HEADER));
    }
    const before = written(base);
    const stricter = stricterPolicy(before, changes, own);
    if (!stricter.ok) return err(policyProblem(stricter.error, POLICY_HEADER));
    const isSameGuardrails = GUARDRAIL_KEYS.every((key) => stricter.value[key] === before[key]);
    const compiled = isSameGuardrails ? ok(recast(stricter.value, base)) : this.#compile(stricter.value);
    if (!compiled.ok) return err(policyProblem(compiled.error, POLICY_HEADER));
    const isAsked = stricter.value.on_unsupported_language !== before.on_unsupported_language;
    const asksNobody = isAsked ? escalationFaults(stricter.value, compiled.value.guardrails) : [];
    if (asksNobody.length > 0) return err(policyProblem(asksNobody, POLICY_HEADER));
    this.#known.set(place, compiled.value, KNOWN_MILLISECONDS);
    return compiled;
  }
}
