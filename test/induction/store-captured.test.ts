// Storing what was captured, and asking for its analysis: safe to repeat.
import { expect, it } from "vitest";
import { storeCaptured, StoreCaptureSink } from "../../src/induction/store-captured.ts";
import type { AnalysisRequest } from "../../src/mistake/analysis-queue.ts";
import { InMemoryMistakeStore } from "../fakes/in-memory-mistake-store.ts";
import { InMemoryObjectStore } from "../fakes/in-memory-object-store.ts";
import { capturedAttack, capturedMistake, newProjectId } from "../fixtures/records.ts";

function storing() {
  const enqueued: AnalysisRequest[] = [];
  const mistakes = new InMemoryMistakeStore(new InMemoryObjectStore());
  const analyses = {
    refuses: false,
    enqueue: async (requests: readonly AnalysisRequest[]) => {
      await Promise.resolve();
      if (analyses.refuses) throw new Error("refused");
      enqueued.push(...requests);
    },
  };
  return { mistakes, analyses, enqueued };
}

it("stores mistakes and attacks, and asks for the analysis of mistakes alone", async () => {
  const { enqueued, ...dependencies } = storing();
  const project = newProjectId();
  const mistake = capturedMistake(project);
  await storeCaptured(dependencies, [capturedAttack(project), mistake]);
  expect(enqueued).toEqual([{ projectId: project, mistakeId: mistake.mistake.id }]);
});

it("can be repeated after the analysis queue refused", async () => {
  const { enqueued, ...dependencies } = storing();
  const project = newProjectId();
  const mistake = capturedMistake(project);
  dependencies.analyses.refuses = true;
  const sink = new StoreCaptureSink(dependencies);
  await expect(sink.accept(mistake)).rejects.toThrow("refused");
  dependencies.analyses.refuses = false;
  await sink.accept(mistake);
  await sink.accept(mistake);
  const page = await dependencies.mistakes.list(project, {}, { limit: 5, cursor: null });
  expect(page.items).toHaveLength(1);
  expect(enqueued.length).toBeGreaterThan(0);
});

it("waits no longer for the question which analyses are open than for the store", async () => {
  const { enqueued: _, ...dependencies } = storing();
  const analyses = {
    enqueue: async () => {
      await new Promise<void>(() => undefined);
    },
  };
  const silent = { ...dependencies, analyses, timeoutMilliseconds: 20 };
  await expect(storeCaptured(silent, [capturedMistake(newProjectId())])).rejects.toThrow();
});
