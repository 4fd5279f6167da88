// Overrules in memory. Law: held to the same contract as D1 (test/contract/overrule-store.ts).
import type { AuditEntry } from "../../src/access/audit.ts";
import type { Page, PageRequest } from "../../src/lib/page.ts";
import type { Allowance } from "../../src/policy/allowance-schema.ts";
import type { Overrule } from "../../src/policy/overrule.ts";
import type { OverruleStore, Reversal } from "../../src/policy/overrule-store.ts";

export class InMemoryOverruleStore implements OverruleStore {
  readonly #overrules = new Map<string, Overrule>();
  readonly entries: AuditEntry[] = [];

  async insertOverrule(overrule: Overrule, most: number, entry: AuditEntry): Promise<"inserted" | "too_many"> {
    await Promise.resolve();
    if (this.#active(overrule.projectId, overrule.createdAt).length >= most) return "too_many";
    this.#overrules.set(overrule.id, structuredClone(overrule));
    this.entries.push(entry);
    return "inserted";
  }

  async getOverrule(projectId: string, id: string): Promise<Overrule | null> {
    return await Promise.resolve(this.#own(projectId).find((overrule) => overrule.id === id) ?? null);
  }

  async latestOf(projectId: string, subjectId: string): Promise<Overrule | null> {
    const open = this.#own(projectId).filter(
      (overrule) => overrule.subjectId === subjectId && overrule.revertedAt === null,
    );
    return await Promise.resolve(open.at(-1) ?? null);
  }

  async listOverrules(projectId: string, { limit, cursor }: PageRequest): Promise<Page<Overrule>> {
    const rest = this.#own(projectId)
      .filter(({ id }) => cursor === null || id < cursor)
      .toReversed();
    return await Promise.resolve({ items: rest.slice(0, limit), hasMore: rest.length > limit });
  }

  async activeAllowances(projectId: string, now: number): Promise<readonly Allowance[]> {
    return await Promise.resolve(this.#active(projectId, now).flatMap(({ allowances }) => allowances));
  }

  async revertOverrule({ projectId, id, keyId, at }: Reversal, entry: AuditEntry): Promise<boolean> {
    const found = await this.getOverrule(projectId, id);
    if (found?.revertedAt !== null) return false;
    this.#overrules.set(id, { ...found, revertedAt: at, revertedBy: keyId });
    this.entries.push(entry);
    return true;
  }

  #own(projectId: string): readonly Overrule[] {
    return [...this.#overrules.values()]
      .filter((overrule) => overrule.projectId === projectId)
      .toSorted((left, right) => (left.id < right.id ? -1 : 1));
  }

  #active(projectId: string, now: number): readonly Overrule[] {
    return this.#own(projectId).filter(({ revertedAt, expiresAt }) => revertedAt === null && expiresAt > now);
  }
}
