// Imports hold one batch, whatever comes.
import { expect, it } from "vitest";
import { emptyReport, importMistakes } from "../../../src/induction/import/import-mistakes.ts";
import { CaptureToSinks } from "../../../src/induction/capture-to-sinks.ts";
import type { JsonLine } from "../../../src/lib/json-lines.ts";
import { DEFAULT_POLICY } from "../../../src/policy/policy.ts";
import { InMemoryImportStore } from "../../fakes/in-memory-import-store.ts";
import { InMemoryObjectStore } from "../../fakes/in-memory-object-store.ts";
import { KeptMeter } from "../../fakes/kept-meter.ts";
import { KeptLogger } from "../../fakes/kept-logger.ts";
import { makeTestId } from "../../fixtures/records.ts";

it("reads no line before those in front of it are stored, but for one batch", async () => {
  let [read, stored, mostHeld] = [0, 0, 0];
  async function* lines(bytes: number): AsyncGenerator<JsonLine> {
    for (let line = 1; line <= 700; line += 1) {
      read += 1;
      mostHeld = Math.max(mostHeld, read - stored);
      await Promise.resolve();
      yield { line, bytes, value: { messages: [{ role: "user", content: "q" }], answer: `Answer ${line}.` } };
    }
  }
  const made = { clock: () => 1, makeId: makeTestId, objects: new InMemoryObjectStore() };
  const common = { ...made, logger: new KeptLogger(), sinkTimeoutMilliseconds: 1_000 };
  const order = {
    ...{ projectId: "prj_1", keyId: "key_1", requestId: "req_1", policy: DEFAULT_POLICY, isDryRun: false },
    check: async () => await Promise.reject(new Error("there is no correction")),
  };
  const storing = {
    mistakes: {
      insertCaptured: async (captured: readonly unknown[]) => {
        await Promise.resolve();
        stored += captured.length;
      },
    },
    analyses: {
      enqueue: async () => {
        await Promise.resolve();
      },
    },
  };
  const importLines = async (bytes: number): Promise<number> => {
    [read, stored, mostHeld] = [0, 0, 0];
    const imports = new InMemoryImportStore();
    const captureTo = (sinks: ConstructorParameters<typeof CaptureToSinks>[0]["sinks"]): CaptureToSinks =>
      new CaptureToSinks({ ...common, sinks, meter: new KeptMeter() });
    const report = emptyReport();
    await importMistakes({ ...made, imports, captureTo, storing }, order, lines(bytes), report);
    expect(report).toMatchObject({ lines: 700, accepted: 700 });
    return mostHeld;
  };
  expect(await importLines(100)).toBe(200);
  // Large lines make small batches.
  expect(await importLines(1_000_000)).toBe(4);
});
