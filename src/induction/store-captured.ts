// What happens to captured things on their way out of the queue: into the store, and mistakes on to their analysis.
// Law: safe to repeat — the store ignores what it has, and an analysis that exists isn't made again.
import { within } from "../lib/deadline.ts";
import type { AnalysisQueue } from "../mistake/analysis-queue.ts";
import type { CaptureSink } from "../mistake/capture-sink.ts";
import type { Captured, MistakeStore } from "../mistake/mistake-store.ts";

export interface StoreCapturedDependencies {
  readonly mistakes: Pick<MistakeStore, "insertCaptured">;
  readonly analyses: AnalysisQueue;
  /** for one statement; it may still come to pass afterwards, which is harmless */
  readonly timeoutMilliseconds?: number;
}

/** D1 itself gives up after 30 s (developers.cloudflare.com/d1/platform/limits). */
const TIMEOUT_MILLISECONDS = 15_000;

export async function storeCaptured(
  { mistakes, analyses, timeoutMilliseconds = TIMEOUT_MILLISECONDS }: StoreCapturedDependencies,
  captured: readonly Captured[],
): Promise<void> {
  await within(timeoutMilliseconds, mistakes.insertCaptured(captured));
  const requests = captured.flatMap((item) =>
    item.type === "mistake" ? [{ projectId: item.mistake.projectId, mistakeId: item.mistake.id }] : [],
  );
  // It asks the database as well, which may not answer.
  await within(timeoutMilliseconds, analyses.enqueue(requests));
}

/** The second capture sink: straight into the store, when the queue refuses. */
export class StoreCaptureSink implements CaptureSink {
  readonly name = "store";
  readonly #dependencies: StoreCapturedDependencies;

  constructor(dependencies: StoreCapturedDependencies) {
    this.#dependencies = dependencies;
  }

  async accept(captured: Captured): Promise<void> {
    await storeCaptured(this.#dependencies, [captured]);
  }
}
