// Port: erasures and how far they are. Law: one invocation at a time works on the erasures of a project, by a lease that ends.
import type { AuditEntry } from "../access/audit.ts";
import type { Page, PageRequest } from "../lib/page.ts";
import type { Erasure } from "./erasure.ts";

export interface ErasureTerms {
  readonly endUsers: readonly string[];
  /** what was captured until then is erased, however late it comes */
  readonly capturedUntil: number;
  /** until then anything may come late; milliseconds since the Unix epoch */
  readonly expiresAt: number;
}

export interface ErasureStore {
  /** In one transaction: from now on nothing of these end users is stored that was captured until then. */
  begin(erasure: Erasure, terms: ErasureTerms, audit: AuditEntry): Promise<void>;
  /** The running one that covers any of these end users. */
  findRunning(projectId: string, endUsers: readonly string[]): Promise<Erasure | null>;
  getErasure(projectId: string, id: string): Promise<Erasure | null>;
  /** newest first */
  listErasures(projectId: string, page: PageRequest): Promise<Page<Erasure>>;
  /** Over all projects, oldest first. */
  listRunning(limit: number): Promise<readonly Erasure[]>;
  /** Null while another invocation has an erasure of the project. */
  lease(
    id: string,
    now: number,
    until: number,
  ): Promise<{ readonly erasure: Erasure; readonly endUsers: readonly string[] } | null>;
  /** How far it is, and until when it stays leased. */
  save(erasure: Erasure, leasedUntil: number): Promise<void>;
  /** Forgets whom finished erasures covered; how many rows it were. */
  prune(now: number, limit: number): Promise<number>;
}
