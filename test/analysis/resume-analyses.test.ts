// Deferred analyses are asked for again: some at each tick, and none is lost when the queue refuses.
import { beforeEach, expect, it } from "vitest";
import { resumeAnalyses } from "../../src/analysis/resume-analyses.ts";
import { dayOf } from "../../src/lib/utc-day.ts";
import type { AnalysisRequest } from "../../src/mistake/analysis-queue.ts";
import { InMemoryAnalysisBudget } from "../fakes/in-memory-analysis-budget.ts";

const NOW = Date.UTC(2026, 10, 23);
const TODAY = dayOf(NOW);

let budget: InMemoryAnalysisBudget;
let asked: AnalysisRequest[];
let refuses: boolean;

beforeEach(() => {
  budget = new InMemoryAnalysisBudget();
  asked = [];
  refuses = false;
});

async function resume(): Promise<number> {
  const analyses = {
    enqueue: async (requests: readonly AnalysisRequest[]): Promise<void> => {
      await Promise.resolve();
      if (refuses) throw new Error("the queue refuses");
      asked.push(...requests);
    },
  };
  return await resumeAnalyses({ budget, analyses, clock: () => NOW });
}

async function defer(count: number, day = TODAY - 1): Promise<void> {
  for (let index = 0; index < count; index += 1) {
    await budget.defer({ projectId: "prj_1", mistakeId: `mis_${String(index).padStart(3, "0")}` }, day);
  }
}

it("asks for 50 at a time, each once", async () => {
  await defer(120);
  expect([await resume(), await resume(), await resume(), await resume()]).toEqual([50, 50, 20, 0]);
  expect(new Set(asked.map(({ mistakeId }) => mistakeId)).size).toBe(120);
});

it("leaves today's for another day", async () => {
  await defer(3, TODAY);
  expect(await resume()).toBe(0);
  expect(asked).toEqual([]);
});

it("keeps them when the queue refuses", async () => {
  await defer(2);
  refuses = true;
  await expect(resume()).rejects.toThrow();
  refuses = false;
  expect(await resume()).toBe(2);
});
