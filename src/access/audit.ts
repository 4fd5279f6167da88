// Who changed what in a project. Law: an entry is written with the change itself, and never changed.

export const AUDIT_EVENTS = [
  "policy_created",
  "policy_activated",
  "monitor_switched",
  "overrule_created",
  "overrule_reverted",
  "subject_erased",
  "mistake_reviewed",
  "mistake_reopened",
  "mistakes_reviewed_in_bulk",
  "lease_overridden",
  "candidate_registered",
  "canary_started",
  "candidate_promoted",
  "candidate_rolled_back",
] as const;
export type AuditEvent = (typeof AUDIT_EVENTS)[number];

export interface AuditEntry {
  readonly id: string;
  readonly projectId: string;
  /** the key with which it was done */
  readonly keyId: string;
  readonly event: AuditEvent;
  /** the id of what was changed */
  readonly subject: string;
  /** what it was changed to, and what it was before; no text of any exchange */
  readonly details: Readonly<Record<string, string | boolean | null>>;
  readonly createdAt: number;
}
