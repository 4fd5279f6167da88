// Port: where overrules are kept. Law: nothing crosses projects, and every change is written together with its entry in the audit.
import type { AuditEntry } from "../access/audit.ts";
import type { Page, PageRequest } from "../lib/page.ts";
import type { Allowance } from "./allowance-schema.ts";
import type { Overrule } from "./overrule.ts";

/** Who ended an overrule, and when. */
export interface Reversal {
  readonly projectId: string;
  readonly id: string;
  readonly keyId: string;
  readonly at: number;
}

export interface OverruleStore {
  /** `too_many` where the project has `most` that still hold when this one is made; then nothing is kept. */
  insertOverrule(overrule: Overrule, most: number, entry: AuditEntry): Promise<"inserted" | "too_many">;
  getOverrule(projectId: string, id: string): Promise<Overrule | null>;
  /** of one mistake or attack, the newest that was not reverted */
  latestOf(projectId: string, subjectId: string): Promise<Overrule | null>;
  /** newest first */
  listOverrules(projectId: string, page: PageRequest): Promise<Page<Overrule>>;
  /** of all that are neither reverted nor over at `now`, oldest first */
  activeAllowances(projectId: string, now: number): Promise<readonly Allowance[]>;
  /** Whether it is this that ended it: what was reverted before stays as it was, without an entry. */
  revertOverrule(reversal: Reversal, entry: AuditEntry): Promise<boolean>;
}
