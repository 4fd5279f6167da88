// POST /v1/mistakes/import, the use case: mistakes that others have found already, line by line, some hundred at a time.
// Law: memory holds one batch; a line is claimed before it is stored and marked after it, so that the same file can be sent again.
import { givenCharacters } from "../../generation/redact-answer.ts";
import { answerTexts } from "../../generation/exchange-of.ts";
import type { Clock } from "../../lib/clock.ts";
import type { MakeId } from "../../lib/ids.ts";
import type { JsonLine } from "../../lib/json-lines.ts";
import type { CaptureSink } from "../../mistake/capture-sink.ts";
import type { Capture } from "../../mistake/capture.ts";
import type { GivenCorrection } from "../../mistake/feedback.ts";
import type { ImportStore } from "../../mistake/import-store.ts";
import type { Captured } from "../../mistake/mistake-store.ts";
import { redactedText } from "../../mistake/redaction.ts";
import type { Policy } from "../../policy/policy.ts";
import { type CheckExchange, checkCorrection } from "../feedback/check-correction.ts";
import { storeCaptured, type StoreCapturedDependencies } from "../store-captured.ts";
import { type LineFault, readImportLine, type ReadLine } from "./read-import-line.ts";

export interface ImportDependencies {
  readonly imports: ImportStore;
  readonly captureTo: (sinks: readonly CaptureSink[]) => Capture;
  readonly storing: StoreCapturedDependencies;
  readonly clock: Clock;
  readonly makeId: MakeId;
}

export interface ImportOrder {
  readonly projectId: string;
  readonly keyId: string;
  readonly requestId: string;
  readonly policy: Policy;
  readonly isDryRun: boolean;
  readonly check: CheckExchange;
}

export interface ImportReport {
  lines: number;
  accepted: number;
  duplicates: number;
  flaggedCorrections: number;
  refusedCount: number;
  /** the first ones */
  readonly refused: (LineFault & { readonly line: number })[];
}

const MOST_REPORTED = 1_000;
const BATCH_LINES = 200;
const BATCH_BYTES = 4_000_000;

export function emptyReport(): ImportReport {
  return { lines: 0, accepted: 0, duplicates: 0, flaggedCorrections: 0, refusedCount: 0, refused: [] };
}

async function captureLine(
  capture: Capture,
  { projectId, keyId, requestId, policy }: ImportOrder,
  { messages, answer, categories, kind, given }: ReadLine,
  id: string,
  correction: GivenCorrection | null,
): Promise<boolean> {
  const seconds = given.created_at;
  const captured = await capture.mistake({
    ...{ projectId, source: "import" as const, messages, answer, verdicts: [] },
    ...{ action: "allow" as const, releasedCharacters: givenCharacters(answer, answer) },
    provenance: {
      ...{ model: given.model ?? "", guidanceVersion: null, policyVersion: policy.version, classifierVersion: null },
      ...{ keyId, endUser: null, requestId, completionId: "", streamMode: null },
    },
    reported: {
      ...{ id, categories, kind, correction: correction?.isClean === true ? correction.text : null },
      ...(seconds === undefined ? {} : { createdAt: seconds * 1000 }),
    },
  });
  return captured !== null;
}

interface Batched extends ReadLine {
  readonly correction: GivenCorrection | null;
}

/** Stores what is new of a batch. */
async function importBatch(
  { imports, captureTo, storing, clock, makeId }: ImportDependencies,
  order: ImportOrder,
  batch: readonly Batched[],
  report: ImportReport,
): Promise<void> {
  const { projectId } = order;
  // A line that stands twice in one batch is its own duplicate.
  const distinct = [...new Map(batch.toReversed().map((line) => [line.hash, line])).values()].toReversed();
  const hashes = distinct.map(({ hash }) => hash);
  const claims = order.isDryRun
    ? await imports.known(projectId, hashes)
    : await imports.claim(
        projectId,
        distinct.map(({ hash, given, correction }) => ({
          ...{ hash, mistakeId: makeId("mis") },
          comment: given.comment === undefined ? null : redactedText(given.comment),
          flaggedCorrection: correction?.isClean === false ? correction : null,
        })),
        clock(),
      );
  const fresh = distinct.filter(({ hash }) => claims.get(hash)?.isStored !== true);
  if (!order.isDryRun && fresh.length > 0) {
    const captured: Captured[] = [];
    const collecting: CaptureSink = {
      name: "import",
      accept: async (each) => {
        captured.push(each);
        await Promise.resolve();
      },
    };
    const capture = captureTo([collecting]);
    for (const line of fresh) {
      const id = claims.get(line.hash)?.mistakeId;
      if (id === undefined || !(await captureLine(capture, order, line, id, line.correction))) {
        throw new Error("a line could not be made ready for the store");
      }
    }
    await storeCaptured(storing, captured);
    await imports.markStored(
      projectId,
      fresh.map(({ hash }) => hash),
      clock(),
    );
  }
  report.accepted += fresh.length;
  report.duplicates += batch.length - fresh.length;
  report.flaggedCorrections += fresh.filter(({ correction }) => correction?.isClean === false).length;
}

/** @param report what has been done so far, also where it throws: the store was away, or the body broke off */
export async function importMistakes(
  dependencies: ImportDependencies,
  order: ImportOrder,
  lines: AsyncIterable<JsonLine>,
  report: ImportReport,
): Promise<void> {
  const refuse = (line: number, fault: LineFault): void => {
    report.refusedCount += 1;
    if (report.refused.length < MOST_REPORTED) report.refused.push({ line, ...fault });
  };
  let batch: Batched[] = [];
  let bytes = 0;
  for await (const found of lines) {
    report.lines += 1;
    if ("fault" in found) {
      refuse(found.line, { path: null, message: found.fault });
      continue;
    }
    const read = await readImportLine(found.value);
    if (!read.ok) refuse(found.line, read.error);
    else if (answerTexts(read.value.answer).length === 0) refuse(found.line, { path: "answer", message: "is empty" });
    else {
      const { messages, given } = read.value;
      const correction =
        given.correction === undefined ? null : await checkCorrection(order.check, messages, given.correction);
      batch.push({ ...read.value, correction });
      bytes += found.bytes;
    }
    if (batch.length >= BATCH_LINES || bytes >= BATCH_BYTES) {
      await importBatch(dependencies, order, batch, report);
      [batch, bytes] = [[], 0];
    }
  }
  if (batch.length > 0) await importBatch(dependencies, order, batch, report);
}
