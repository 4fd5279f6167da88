// A candidate: a model that may take the deployed one's place. Law: it serves nobody before its canary, and at most one of a project is
// in its canary.
import type { CanaryGate } from "./canary-gate.ts";

export const CANDIDATE_STATES = ["registered", "canary", "promoted", "rolled_back"] as const;
export type CandidateState = (typeof CANDIDATE_STATES)[number];

export interface Candidate {
  readonly id: string;
  readonly projectId: string;
  readonly name: string;
  /** the name of one of the project's upstreams of purpose "candidate" */
  readonly upstream: string;
  /** the model's name there; null: as the client names it, through the upstream's own map */
  readonly model: string | null;
  /** the release that it was trained on; null where nobody said */
  readonly releaseId: string | null;
  readonly gate: CanaryGate;
  readonly state: CandidateState;
  /** of the project's conversations, 0 to 1; what was promoted has all */
  readonly share: number;
  /** why it was promoted or rolled back */
  readonly reason: string | null;
  readonly createdAt: number;
  /** of its canary */
  readonly startedAt: number | null;
  readonly decidedAt: number | null;
}
