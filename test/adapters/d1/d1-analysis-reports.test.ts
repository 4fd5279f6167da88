// Pass rates on D1: the newest alone, by prompt and model, nothing of another project, along an index.
import { env } from "cloudflare:workers";
import { expect, it } from "vitest";
import { D1AnalysisReports } from "../../../src/adapters/d1/d1-analysis-reports.ts";
import { D1MistakeStore } from "../../../src/adapters/d1/d1-mistake-store.ts";
import { openDatabase } from "../../../src/adapters/d1/database.ts";
import type { Analysis } from "../../../src/mistake/mistake.ts";
import { InMemoryObjectStore } from "../../fakes/in-memory-object-store.ts";
import { ObservedDatabase } from "../../fakes/observed-database.ts";
import { analysisOf, capturedMistake, newProjectId } from "../../fixtures/records.ts";

const observed = new ObservedDatabase(env.DB);
const database = openDatabase(observed.binding);
const reports = new D1AnalysisReports(database);
const mistakes = new D1MistakeStore(database, new InMemoryObjectStore());

async function analysed(projectId: string, each: readonly Partial<Analysis>[]): Promise<void> {
  for (const changes of each) {
    const captured = capturedMistake(projectId);
    await mistakes.insertCaptured([captured]);
    await mistakes.addAnalysis(analysisOf(projectId, captured.mistake.id, changes));
  }
}

it("counts what was asked for and what passed, by prompt and model", async () => {
  const project = newProjectId();
  await analysed(newProjectId(), [{}, {}]);
  await analysed(project, [
    { attempts: 2 },
    { attempts: 3, quality: ["refusal", "unspecific"] },
    { quality: null },
    { model: "another", quality: ["json"] },
  ]);
  const prompt = { promptVersion: "guided-analysis-en-1" };
  expect(await reports.passRates(project, 100)).toEqual([
    { ...prompt, model: "another", analyses: 1, passed: 0, attempts: 1 },
    { ...prompt, model: "stub-model", analyses: 2, passed: 1, attempts: 5 },
  ]);
  expect(await reports.passRates(project, 1)).toMatchObject([{ model: "another" }]);
  expect(await reports.passRates(newProjectId(), 100)).toEqual([]);
});
