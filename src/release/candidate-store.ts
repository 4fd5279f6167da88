// Port: where candidates and what is counted of their trials are kept. Law: nothing crosses projects; a change and its entry in the audit
// are one transaction; a second canary of a project is refused, whoever asks first.
import type { AuditEntry } from "../access/audit.ts";
import type { Page, PageRequest } from "../lib/page.ts";
import type { Candidate, CandidateState } from "./candidate.ts";
import type { TrialCounts } from "./canary-gate.ts";

export interface CandidateChange {
  readonly projectId: string;
  readonly id: string;
  /** the states that it may be in until then */
  readonly from: readonly CandidateState[];
  readonly to: Partial<Pick<Candidate, "state" | "share" | "reason" | "startedAt" | "decidedAt">>;
}

/** What a project's requests are served by. */
export interface CandidatesInUse {
  /** the one that was promoted last; null: the project's own models */
  readonly promoted: Candidate | null;
  readonly canary: Candidate | null;
}

export interface CandidateStore {
  insertCandidate(candidate: Candidate, entry: AuditEntry): Promise<void>;
  getCandidate(projectId: string, id: string): Promise<Candidate | null>;
  /** newest first */
  listCandidates(projectId: string, page: PageRequest): Promise<Page<Candidate>>;
  /** false where it is in none of these states, or another of the project is in its canary */
  changeCandidate(change: CandidateChange, entry: AuditEntry): Promise<boolean>;
  inUse(projectId: string): Promise<CandidatesInUse>;
  /** of all projects, oldest first */
  listCanaries(limit: number): Promise<readonly Candidate[]>;
  trialCounts(projectId: string, candidateId: string): Promise<TrialCounts>;
}
