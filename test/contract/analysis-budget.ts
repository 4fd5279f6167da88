// What every budget of analyses must do. Law: run on D1 and on the fake that other tests trust in its place.
import { beforeEach, describe, expect, it } from "vitest";
import type { AnalysisBudget } from "../../src/mistake/analysis-budget.ts";
import type { AnalysisRequest } from "../../src/mistake/analysis-queue.ts";
import { makeTestId, newProjectId } from "../fixtures/records.ts";

export function analysisBudgetContract(name: string, make: () => AnalysisBudget): void {
  describe(`${name} as a budget of analyses`, () => {
    let budget: AnalysisBudget;
    let project: string;

    beforeEach(() => {
      budget = make();
      project = newProjectId();
    });

    const buyMany = async (count: number, keyId: string | null, caps: { project: number; key: number }, day = 7) => {
      const bought = Array.from({ length: count }, async () => await budget.buy(project, keyId, day, caps));
      return (await Promise.all(bought)).filter(Boolean).length;
    };

    it("sells a key as many as its cap, however many ask at once", async () => {
      expect(await buyMany(12, "key_1", { project: 100, key: 5 })).toBe(5);
      expect(await buyMany(1, "key_2", { project: 100, key: 5 })).toBe(1);
    });

    it("sells a project as many as its cap, whichever key asks", async () => {
      const caps = { project: 5, key: 3 };
      expect(await buyMany(9, "key_1", caps)).toBe(3);
      expect(await buyMany(9, "key_2", caps)).toBe(2);
      expect(await buyMany(1, "key_3", caps)).toBe(0);
    });

    it("counts only the project's cap where no key was involved", async () => {
      expect(await buyMany(6, null, { project: 4, key: 1 })).toBe(4);
    });

    it.each([
      { project: 0, key: 5 },
      { project: 5, key: 0 },
    ])("sells nothing under %j", async (caps) => {
      expect(await buyMany(3, "key_1", caps)).toBe(0);
    });

    it("begins anew each day, and for each project", async () => {
      const caps = { project: 2, key: 2 };
      expect(await buyMany(3, "key_1", caps)).toBe(2);
      expect(await buyMany(3, "key_1", caps, 8)).toBe(2);
      project = newProjectId();
      expect(await buyMany(3, "key_1", caps)).toBe(2);
    });

    const deferred = async (day: number): Promise<AnalysisRequest> => {
      const request = { projectId: project, mistakeId: makeTestId("mis") };
      await budget.defer(request, day);
      return request;
    };

    const listMine = async (beforeDay: number): Promise<readonly AnalysisRequest[]> =>
      (await budget.listDeferred(beforeDay, 1_000)).filter(({ projectId }) => projectId === project);

    it("lists what was deferred before a day, longest waiting first", async () => {
      const late = await deferred(4);
      const early = await deferred(3);
      const earlyToo = await deferred(3);
      expect(await listMine(3)).toEqual([]);
      expect(await listMine(4)).toEqual([early, earlyToo]);
      expect(await listMine(5)).toEqual([early, earlyToo, late]);
      expect(await budget.listDeferred(5, 1)).toHaveLength(1);
    });

    it("resumes, but not what was deferred again", async () => {
      const [first, second] = [await deferred(3), await deferred(3)];
      await budget.defer(second, 5);
      await budget.defer(second, 4);
      await budget.resume([first, second, { projectId: project, mistakeId: "mis_unknown" }], 5);
      expect(await listMine(100)).toEqual([second]);
      expect(await listMine(5)).toEqual([]);
    });
  });
}
