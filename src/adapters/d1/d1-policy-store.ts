// Policies and who goes by which, on D1.
import { and, count, desc, eq, lt, sql } from "drizzle-orm";
import type { BatchItem } from "drizzle-orm/batch";
import type { AuditEntry } from "../../access/audit.ts";
import { audit } from "../../db/project-tables.ts";
import { monitoredProjects, policies, policyAssignments } from "../../db/policy-tables.ts";
import type { Page, PageRequest } from "../../lib/page.ts";
import type {
  PolicyAssignment,
  PolicyChoices,
  PolicyStore,
  RetentionPeriod,
  StoredPolicy,
} from "../../policy/policy-store.ts";
import type { Database } from "./database.ts";
import { pageOf } from "./page-of.ts";

/** In the place of a key's id, for the whole project: an empty text, since SQLite's primary keys let nulls repeat. */
const EVERY_KEY = "";

export class D1PolicyStore implements PolicyStore {
  readonly #database: Database;

  constructor(database: Database) {
    this.#database = database;
  }

  async insertPolicy(
    policy: Omit<StoredPolicy, "version">,
    assignment: PolicyAssignment | null,
    entries: readonly AuditEntry[],
  ): Promise<StoredPolicy> {
    const { projectId, name } = policy;
    const version = sql`(SELECT coalesce(max(version), 0) + 1 FROM ${policies} WHERE project_id = ${projectId} AND name = ${name})`;
    const [inserted] = await this.#database.batch([
      this.#database
        .insert(policies)
        .values({ ...policy, version })
        .returning(),
      ...(assignment === null ? [] : [this.#assigning(assignment)]),
      ...entries.map((entry) => this.#database.insert(audit).values(entry)),
    ]);
    const [stored] = inserted;
    if (stored === undefined) throw new Error("the policy was not stored");
    return stored;
  }

  async getPolicy(projectId: string, id: string): Promise<StoredPolicy | null> {
    const found = await this.#database
      .select()
      .from(policies)
      .where(and(eq(policies.projectId, projectId), eq(policies.id, id)));
    return found[0] ?? null;
  }

  async listPolicies(projectId: string, page: PageRequest): Promise<Page<StoredPolicy>> {
    const rows = await this.#database
      .select()
      .from(policies)
      .where(and(eq(policies.projectId, projectId), page.cursor === null ? undefined : lt(policies.id, page.cursor)))
      .orderBy(desc(policies.id))
      .limit(page.limit + 1);
    return pageOf(rows, page.limit);
  }

  async countPolicies(projectId: string): Promise<number> {
    const [row] = await this.#database
      .select({ policies: count() })
      .from(policies)
      .where(eq(policies.projectId, projectId));
    return row?.policies ?? 0;
  }

  async choicesOf(projectId: string): Promise<PolicyChoices> {
    const [assigned, monitored] = await this.#database.batch([
      this.#database.select().from(policyAssignments).where(eq(policyAssignments.projectId, projectId)),
      this.#database.select().from(monitoredProjects).where(eq(monitoredProjects.projectId, projectId)),
    ]);
    const forKeys = new Map(assigned.map(({ keyId, policyId }) => [keyId, policyId]));
    const forProject = forKeys.get(EVERY_KEY) ?? null;
    forKeys.delete(EVERY_KEY);
    return { forProject, forKeys, monitor: monitored.length > 0 };
  }

  async assign(assignment: PolicyAssignment, entry: AuditEntry): Promise<void> {
    await this.#database.batch([this.#assigning(assignment), this.#database.insert(audit).values(entry)]);
  }

  async switchMonitor(projectId: string, monitor: boolean, entry: AuditEntry): Promise<void> {
    await this.#database.batch([
      monitor
        ? this.#database.insert(monitoredProjects).values({ projectId }).onConflictDoNothing()
        : this.#database.delete(monitoredProjects).where(eq(monitoredProjects.projectId, projectId)),
      this.#database.insert(audit).values(entry),
    ]);
  }

  async retentionPeriods(): Promise<readonly RetentionPeriod[]> {
    return await this.#database
      .select({
        projectId: policyAssignments.projectId,
        keyId: sql<string | null>`nullif(${policyAssignments.keyId}, ${EVERY_KEY})`,
        days: sql<number | null>`json_extract(${policies.resolved}, '$.retention_days')`,
      })
      .from(policyAssignments)
      .innerJoin(policies, eq(policies.id, policyAssignments.policyId))
      .orderBy(policyAssignments.projectId, policyAssignments.keyId);
  }

  #assigning({ projectId, keyId, policyId }: PolicyAssignment): BatchItem<"sqlite"> {
    const key = keyId ?? EVERY_KEY;
    if (policyId === null) {
      return this.#database
        .delete(policyAssignments)
        .where(and(eq(policyAssignments.projectId, projectId), eq(policyAssignments.keyId, key)));
    }
    return this.#database
      .insert(policyAssignments)
      .values({ projectId, keyId: key, policyId })
      .onConflictDoUpdate({ target: [policyAssignments.projectId, policyAssignments.keyId], set: { policyId } });
  }
}
