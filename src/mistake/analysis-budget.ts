// Port: how many analyses a project and a key may buy a day. Law: an analysis is bought before it is made, atomically, so
// that no flood and no race buys more; what could not be bought is deferred, never lost.
import type { AnalysisRequest } from "./analysis-queue.ts";

export interface AnalysisCaps {
  readonly project: number;
  readonly key: number;
}

export interface AnalysisBudget {
  /** Whether one more analysis of this key's mistakes could be bought on this day. Null: no key was involved. */
  buy(projectId: string, keyId: string | null, day: number, caps: AnalysisCaps): Promise<boolean>;
  /** To be asked for again after this day. Safe to repeat: the latest day counts. */
  defer(request: AnalysisRequest, day: number): Promise<void>;
  /** What was deferred before this day, longest waiting first. */
  listDeferred(beforeDay: number, limit: number): Promise<readonly AnalysisRequest[]>;
  /** No longer deferred, unless they were deferred again on this day or later. */
  resume(requests: readonly AnalysisRequest[], beforeDay: number): Promise<void>;
}
