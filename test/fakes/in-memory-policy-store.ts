// Policies and the audit in memory. Law: held to the same contract as D1 (test/contract/policy-store.ts).
import type { AuditEntry } from "../../src/access/audit.ts";
import type { AuditStore } from "../../src/access/audit-store.ts";
import type { Page, PageRequest } from "../../src/lib/page.ts";
import type {
  PolicyAssignment,
  PolicyChoices,
  PolicyStore,
  RetentionPeriod,
  StoredPolicy,
} from "../../src/policy/policy-store.ts";

interface Owned {
  readonly id: string;
  readonly projectId: string;
}

function newestPage<Item extends Owned>(items: Iterable<Item>, projectId: string, page: PageRequest): Page<Item> {
  const own = [...items].filter(
    (item) => item.projectId === projectId && (page.cursor === null || item.id < page.cursor),
  );
  const sorted = own.toSorted((left, right) => (left.id < right.id ? 1 : -1));
  return { items: sorted.slice(0, page.limit), hasMore: sorted.length > page.limit };
}

export class InMemoryPolicyStore implements PolicyStore, AuditStore {
  readonly #policies = new Map<string, StoredPolicy>();
  readonly #assignments: PolicyAssignment[] = [];
  readonly #monitored = new Set<string>();
  readonly #audit: AuditEntry[] = [];
  /** while true, every call fails */
  down = false;
  reads = 0;

  async #ask(): Promise<void> {
    await Promise.resolve();
    this.reads += 1;
    if (this.down) throw new Error("the store is down");
  }

  async insertPolicy(
    policy: Omit<StoredPolicy, "version">,
    assignment: PolicyAssignment | null,
    entries: readonly AuditEntry[],
  ): Promise<StoredPolicy> {
    await this.#ask();
    if (this.#policies.has(policy.id)) throw new Error("a policy of this id exists");
    const versions = [...this.#policies.values()]
      .filter(({ projectId, name }) => projectId === policy.projectId && name === policy.name)
      .map(({ version }) => version);
    const stored = structuredClone({ ...policy, version: Math.max(0, ...versions) + 1 });
    this.#policies.set(policy.id, stored);
    if (assignment !== null) this.#assign(assignment);
    this.#audit.push(...entries);
    return stored;
  }

  async getPolicy(projectId: string, id: string): Promise<StoredPolicy | null> {
    await this.#ask();
    const found = this.#policies.get(id);
    return found?.projectId === projectId ? found : null;
  }

  async listPolicies(projectId: string, page: PageRequest): Promise<Page<StoredPolicy>> {
    await this.#ask();
    return newestPage(this.#policies.values(), projectId, page);
  }

  async countPolicies(projectId: string): Promise<number> {
    await this.#ask();
    return [...this.#policies.values()].filter((policy) => policy.projectId === projectId).length;
  }

  async choicesOf(projectId: string): Promise<PolicyChoices> {
    await this.#ask();
    const own = this.#assignments.filter((assignment) => assignment.projectId === projectId);
    return {
      forProject: own.find(({ keyId }) => keyId === null)?.policyId ?? null,
      forKeys: new Map(
        own.flatMap(({ keyId, policyId }): [string, string][] =>
          keyId === null || policyId === null ? [] : [[keyId, policyId]],
        ),
      ),
      monitor: this.#monitored.has(projectId),
    };
  }

  async assign(assignment: PolicyAssignment, entry: AuditEntry): Promise<void> {
    await this.#ask();
    this.#assign(assignment);
    this.#audit.push(entry);
  }

  async switchMonitor(projectId: string, monitor: boolean, entry: AuditEntry): Promise<void> {
    await this.#ask();
    if (monitor) this.#monitored.add(projectId);
    else this.#monitored.delete(projectId);
    this.#audit.push(entry);
  }

  async retentionPeriods(): Promise<readonly RetentionPeriod[]> {
    await this.#ask();
    return this.#assignments.flatMap(({ projectId, keyId, policyId }) => {
      if (policyId === null) return [];
      const days = this.#policies.get(policyId)?.resolved["retention_days"];
      return [{ projectId, keyId, days: typeof days === "number" ? days : null }];
    });
  }

  async listAudit(projectId: string, page: PageRequest): Promise<Page<AuditEntry>> {
    await this.#ask();
    return newestPage(this.#audit, projectId, page);
  }

  #assign(assignment: PolicyAssignment): void {
    const old = this.#assignments.findIndex(
      ({ projectId, keyId }) => projectId === assignment.projectId && keyId === assignment.keyId,
    );
    if (old >= 0) this.#assignments.splice(old, 1);
    if (assignment.policyId !== null) this.#assignments.push(assignment);
  }
}
