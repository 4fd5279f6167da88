// Port: where the audit is read. Whoever makes a change writes its entry, in the same transaction.
import type { Page, PageRequest } from "../lib/page.ts";
import type { AuditEntry } from "./audit.ts";

export interface AuditStore {
  /** newest first */
  listAudit(projectId: string, page: PageRequest): Promise<Page<AuditEntry>>;
}
