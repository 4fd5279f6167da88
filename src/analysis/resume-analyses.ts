// Asks again for the analyses that yesterday's budget could not buy. Law: a mistake stops waiting only once the queue has it.
import type { Clock } from "../lib/clock.ts";
import { dayOf } from "../lib/utc-day.ts";
import type { AnalysisBudget } from "../mistake/analysis-budget.ts";
import type { AnalysisQueue } from "../mistake/analysis-queue.ts";

/** At each tick, so that a long line of them never floods the queue. */
const MOST_AT_ONCE = 50;

export interface ResumeAnalysesDependencies {
  readonly budget: Pick<AnalysisBudget, "listDeferred" | "resume">;
  readonly analyses: AnalysisQueue;
  readonly clock: Clock;
}

/** How many were asked for. */
export async function resumeAnalyses({ budget, analyses, clock }: ResumeAnalysesDependencies): Promise<number> {
  const today = dayOf(clock());
  const deferred = await budget.listDeferred(today, MOST_AT_ONCE);
  if (deferred.length === 0) return 0;
  await analyses.enqueue(deferred);
  await budget.resume(deferred, today);
  return deferred.length;
}
