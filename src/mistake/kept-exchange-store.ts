// Port: exchanges that passed and wait for feedback, and the good ones among them. Law: what has expired is not found any more,
// also where nobody has deleted it yet.
import type { KeptExchange, KeptState } from "./kept-exchange.ts";

export interface KeptName {
  readonly completionId: string;
  readonly choice: number;
}

export interface ExpiredKept {
  readonly id: string;
  /** of the exchange, where it is an object */
  readonly objectKey: string | null;
}

export interface KeptExchangeStore {
  /** The newest of that name: completion ids are the upstream's, which may use one twice. */
  findKept(projectId: string, name: KeptName, now: number): Promise<KeptExchange | null>;
  getKept(projectId: string, id: string): Promise<KeptExchange | null>;
  mark(projectId: string, id: string, state: KeptState, expiresAt: number | null): Promise<void>;
  /** Of all projects, the longest expired first. */
  listExpiredKept(now: number, limit: number): Promise<readonly ExpiredKept[]>;
  /** Those of them that are still expired. */
  deleteExpiredKept(ids: readonly string[], now: number): Promise<void>;
}
