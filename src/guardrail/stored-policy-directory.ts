// Which policy a key goes by, with its guardrails, and what overrules allow. Law: known for 30 s at most, and for longer only while the store fails; without
// a policy of its own a project goes by the gateway's, and never because the store failed. A compiled version never changes.
import type { Clock } from "../lib/clock.ts";
import { errorMessage } from "../lib/error-message.ts";
import { ExpiringCache } from "../lib/expiring-cache.ts";
import type { Logger } from "../lib/logger.ts";
import { err, ok, type Result } from "../lib/result.ts";
import type { Allowance } from "../policy/allowance-schema.ts";
import type { OverruleStore } from "../policy/overrule-store.ts";
import type { PolicyFault } from "../policy/policy-faults.ts";
import type { PolicyChoices, PolicyStore } from "../policy/policy-store.ts";
import { storedPolicy } from "../policy/read-policy.ts";
import type { Problem } from "../problem.ts";
import type { CompiledPolicy, CompilePolicy } from "./compiled-policy.ts";

/** With what the reading takes, a change holds everywhere within 30 s. */
const KNOWN_MILLISECONDS = 25_000;
const STALE_MILLISECONDS = 60 * 60_000;
/** After a failure of the store, so that it is not asked by every request. */
const RETRY_MILLISECONDS = 5_000;
const PROJECT_CAPACITY = 1_000;
/** One with two hundred rules takes about a megabyte. */
const COMPILED_CAPACITY = 40;
const COMPILED_MILLISECONDS = 24 * 60 * 60_000;

const unavailable: Problem = {
  status: 503,
  type: "server_error",
  code: "policies_unavailable",
  message: "The project's policy can't be looked up right now, and nothing passes unchecked. Try again in a moment.",
  param: null,
};

export interface ChosenPolicy {
  /** null: the gateway's default policy */
  readonly own: CompiledPolicy | null;
  /** the project is switched to monitor, whatever its policy says */
  readonly monitor: boolean;
  /** of the project's overrules; each says whose requests it is for, and until when */
  readonly allowances: readonly Allowance[];
}

interface Choices extends PolicyChoices {
  readonly allowances: readonly Allowance[];
}

interface Known {
  readonly choices: Choices;
  readonly freshUntil: number;
}

export interface StoredPolicyDirectoryOptions {
  readonly policies: Pick<PolicyStore, "choicesOf" | "getPolicy">;
  readonly overrules: Pick<OverruleStore, "activeAllowances">;
  readonly compile: CompilePolicy;
  readonly clock: Clock;
  readonly logger: Logger;
}

export class StoredPolicyDirectory {
  readonly #options: StoredPolicyDirectoryOptions;
  readonly #known: ExpiringCache<Known>;
  readonly #compiled: ExpiringCache<CompiledPolicy>;

  constructor(options: StoredPolicyDirectoryOptions) {
    this.#options = options;
    this.#known = new ExpiringCache(PROJECT_CAPACITY, options.clock);
    this.#compiled = new ExpiringCache(COMPILED_CAPACITY, options.clock);
  }

  async forKey(projectId: string, keyId: string): Promise<Result<ChosenPolicy, Problem>> {
    try {
      const { forKeys, forProject, monitor, allowances } = await this.#choices(projectId);
      const id = forKeys.get(keyId) ?? forProject;
      return ok({ own: id === null ? null : await this.#policy(projectId, id), monitor, allowances });
    } catch (caught) {
      this.#failed(projectId, caught);
      return err({ ...unavailable, cause: caught });
    }
  }

  /** At once in this isolate; elsewhere within 30 s. */
  forget(projectId: string): void {
    this.#known.delete(projectId);
  }

  #failed(project: string, caught: unknown): void {
    this.#options.logger.error("policies_unavailable", { project, reason: errorMessage(caught) });
  }

  async #choices(projectId: string): Promise<Choices> {
    const { clock, policies, overrules } = this.#options;
    const known = this.#known.get(projectId);
    if (known !== undefined && clock() < known.freshUntil) return known.choices;
    try {
      const [chosen, allowances] = await Promise.all([
        policies.choicesOf(projectId),
        overrules.activeAllowances(projectId, clock()),
      ]);
      const choices = { ...chosen, allowances };
      this.#known.set(projectId, { choices, freshUntil: clock() + KNOWN_MILLISECONDS }, STALE_MILLISECONDS);
      return choices;
    } catch (caught) {
      if (known === undefined) throw caught;
      this.#failed(projectId, caught);
      this.#known.set(projectId, { ...known, freshUntil: clock() + RETRY_MILLISECONDS }, STALE_MILLISECONDS);
      return known.choices;
    }
  }

  async #policy(projectId: string, id: string): Promise<CompiledPolicy> {
    const known = this.#compiled.get(id);
    if (known !== undefined) return known;
    const stored = await this.#options.policies.getPolicy(projectId, id);
    if (stored === null) throw new Error(`the policy ${id} is gone`);
    const policy = storedPolicy(stored.resolved);
    const compiled = policy.ok ? this.#options.compile(policy.value) : policy;
    if (!compiled.ok) throw new Error(`the policy ${id} can't be read any more: ${told(compiled.error)}`);
    this.#compiled.set(id, compiled.value, COMPILED_MILLISECONDS);
    return compiled.value;
  }
}

function told(faults: readonly PolicyFault[]): string {
  return faults.map(({ path, message }) => `${path}: ${message}`).join("; ");
}
