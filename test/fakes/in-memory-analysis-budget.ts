// The daily budget of analyses in memory. Law: held to the same contract as D1 (test/contract/analysis-budget.ts).
import type { AnalysisBudget, AnalysisCaps } from "../../src/mistake/analysis-budget.ts";
import type { AnalysisRequest } from "../../src/mistake/analysis-queue.ts";

export class InMemoryAnalysisBudget implements AnalysisBudget {
  readonly #bought: { readonly projectId: string; readonly keyId: string | null; readonly day: number }[] = [];
  readonly #deferred = new Map<string, { readonly request: AnalysisRequest; readonly day: number }>();

  async buy(projectId: string, keyId: string | null, day: number, caps: AnalysisCaps): Promise<boolean> {
    await Promise.resolve();
    const ofProject = this.#bought.filter((each) => each.projectId === projectId && each.day === day);
    const ofKey = ofProject.filter((each) => each.keyId === keyId);
    if (ofProject.length >= caps.project || (keyId !== null && ofKey.length >= caps.key)) return false;
    this.#bought.push({ projectId, keyId, day });
    return true;
  }

  async defer(request: AnalysisRequest, day: number): Promise<void> {
    await Promise.resolve();
    const before = this.#deferred.get(request.mistakeId)?.day ?? day;
    this.#deferred.set(request.mistakeId, { request, day: Math.max(day, before) });
  }

  async listDeferred(beforeDay: number, limit: number): Promise<readonly AnalysisRequest[]> {
    await Promise.resolve();
    return [...this.#deferred.values()]
      .filter(({ day }) => day < beforeDay)
      .toSorted((left, right) => left.day - right.day || (left.request.mistakeId < right.request.mistakeId ? -1 : 1))
      .slice(0, limit)
      .map(({ request }) => request);
  }

  async resume(requests: readonly AnalysisRequest[], beforeDay: number): Promise<void> {
    await Promise.resolve();
    for (const { mistakeId } of requests) {
      if ((this.#deferred.get(mistakeId)?.day ?? beforeDay) < beforeDay) this.#deferred.delete(mistakeId);
    }
  }
}
