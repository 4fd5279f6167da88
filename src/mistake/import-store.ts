// Port: which lines were imported, and as which mistakes. Law: a line keeps the mistake's id that it was given first, so that
// whatever broke off goes on where it was.
import type { GivenCorrection } from "./feedback.ts";

export interface ImportedLine {
  /** of the line's own id, or of its redacted content */
  readonly hash: string;
  readonly mistakeId: string;
  readonly comment: string | null;
  /** null unless the guardrails flagged it */
  readonly flaggedCorrection: GivenCorrection | null;
}

export interface ClaimedLine {
  readonly mistakeId: string;
  /** its mistake is stored: a duplicate */
  readonly isStored: boolean;
}

export interface ImportStore {
  /** What is known of them, by their hashes. */
  known(projectId: string, hashes: readonly string[]): Promise<ReadonlyMap<string, ClaimedLine>>;
  /** Keeps the new ones, and tells what is known of all of them then. */
  claim(projectId: string, lines: readonly ImportedLine[], now: number): Promise<ReadonlyMap<string, ClaimedLine>>;
  markStored(projectId: string, hashes: readonly string[], now: number): Promise<void>;
}
