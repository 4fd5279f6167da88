// Port: the queue of mistakes that wait for a reviewer, and the leases on them. Law: a mistake is in it once at most; nobody holds
// what another one holds, and a lease ends by itself.
import type { AuditEntry } from "../access/audit.ts";
import type { ReviewPolicy } from "../policy/review-policy.ts";
import type { MistakeKind, MistakeSource, Quarantine } from "./mistake.ts";
import type { Voice } from "./review.ts";

export interface QueueEntry {
  readonly mistakeId: string;
  readonly projectId: string;
  /** 1 is looked at first; within a priority the oldest is */
  readonly priority: number;
  /** why it is here */
  readonly reason: string;
  readonly enqueuedAt: number;
}

/**
 * Enters the queue with its mistake (`MistakeStore.insertCaptured`) if what only the store knows of it is so. Of several entries of
 * one mistake the first that holds counts. What is in the queue already, or decided, stays as it is.
 */
export interface ConditionalEntry extends QueueEntry {
  /** only what is in quarantine for one of these; null: in quarantine or not */
  readonly quarantines: readonly Quarantine[] | null;
  /** 0: whatever its cluster is */
  readonly clusterSizeFrom: number;
}

export interface Lease {
  /** of one claim, and of all that it took */
  readonly id: string;
  readonly holder: Voice;
  readonly expiresAt: number;
}

export interface Queued extends QueueEntry {
  /** null: free */
  readonly lease: Lease | null;
}

export interface ReviewFilter {
  readonly source?: MistakeSource | undefined;
  readonly kind?: MistakeKind | undefined;
  readonly category?: string | undefined;
  readonly clusterId?: string | undefined;
  readonly keyId?: string | undefined;
  readonly quarantine?: Quarantine | undefined;
}

export interface Claim {
  readonly projectId: string;
  readonly lease: Lease;
  readonly limit: number;
  readonly filter: ReviewFilter & { readonly reason?: string | undefined };
  /** what makes a voice: nobody is given what their own voice has decided on already */
  readonly voices: ReviewPolicy["second"]["voices"];
  readonly now: number;
}

export interface QueuePageRequest {
  readonly projectId: string;
  readonly limit: number;
  /** the last one of the page before */
  readonly after: { readonly priority: number; readonly mistakeId: string } | null;
}

export interface ReviewQueue {
  /** At most `limit` undecided mistakes that nobody holds, in one atomic step. */
  claim(claim: Claim): Promise<readonly Queued[]>;
  /** How many mistakes it still holds: an expired lease too, as long as nobody else has claimed them. */
  renew(projectId: string, lease: Pick<Lease, "id" | "expiresAt"> & { readonly keyId: string }): Promise<number>;
  /** How many mistakes are free now. */
  giveBack(projectId: string, leaseId: string, keyId: string, mistakeId: string | null): Promise<number>;
  /** Frees a mistake whoever holds it; false where nobody does at `now`. */
  override(projectId: string, mistakeId: string, now: number, entry: AuditEntry): Promise<boolean>;
  /** Undecided ones, the most urgent first; one row more than `limit` tells that there are more. */
  listQueue(page: QueuePageRequest): Promise<readonly Queued[]>;
}
