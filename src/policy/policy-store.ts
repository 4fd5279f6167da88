// Port: where policies are kept, and who goes by which. Law: a policy never changes, nothing crosses projects, and every change
// is written together with its entry in the audit.
import type { AuditEntry } from "../access/audit.ts";
import type { Page, PageRequest } from "../lib/page.ts";

export type PolicyJson = Readonly<Record<string, unknown>>;

export interface StoredPolicy {
  /** `pol_…`; also the `version` in `resolved`, which every mistake keeps */
  readonly id: string;
  readonly projectId: string;
  readonly name: string;
  /** 1, 2, … of this name */
  readonly version: number;
  /** the keys that were given */
  readonly given: PolicyJson;
  /** every key, as it was resolved then; read again by stored-policy.ts */
  readonly resolved: PolicyJson;
  readonly keyId: string;
  readonly createdAt: number;
}

/** Which policies a project goes by. */
export interface PolicyChoices {
  /** null: the gateway's default policy */
  readonly forProject: string | null;
  /** key → policy, where a key has one of its own */
  readonly forKeys: ReadonlyMap<string, string>;
  /** nothing is withheld, whatever the policies say */
  readonly monitor: boolean;
}

export interface PolicyAssignment {
  readonly projectId: string;
  /** null: every key without a policy of its own */
  readonly keyId: string | null;
  /** null: what holds without it, the project's policy or the gateway's default */
  readonly policyId: string | null;
}

export interface RetentionPeriod {
  readonly projectId: string;
  /** null: of every key without a policy of its own */
  readonly keyId: string | null;
  /** null: that policy keeps everything */
  readonly days: number | null;
}

export interface PolicyStore {
  /** Gives it the next version number of its name; with an assignment it is gone by at once. */
  insertPolicy(
    policy: Omit<StoredPolicy, "version">,
    assignment: PolicyAssignment | null,
    entries: readonly AuditEntry[],
  ): Promise<StoredPolicy>;
  getPolicy(projectId: string, id: string): Promise<StoredPolicy | null>;
  /** newest first */
  listPolicies(projectId: string, page: PageRequest): Promise<Page<StoredPolicy>>;
  countPolicies(projectId: string): Promise<number>;
  choicesOf(projectId: string): Promise<PolicyChoices>;
  assign(assignment: PolicyAssignment, entry: AuditEntry): Promise<void>;
  switchMonitor(projectId: string, monitor: boolean, entry: AuditEntry): Promise<void>;
  /** of every project and every key that goes by a policy of its own */
  retentionPeriods(): Promise<readonly RetentionPeriod[]>;
}
