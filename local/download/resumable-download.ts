// Fetches a file over HTTP into a partial file, and goes on where an earlier attempt ended (RFC 9110, section 14, range requests).
// Law: bytes are only ever added behind those that are there; a server that won't resume makes it begin anew.
import { createWriteStream } from "node:fs";
import { rm, stat } from "node:fs/promises";
import { pipeline } from "node:stream/promises";
import { errorCodeOf } from "../start-problem.ts";
import type { ReportProgress } from "./progress.ts";

const PATIENCE_MS = 20_000;

export interface ResumableDownload {
  readonly url: string;
  readonly partialFile: string;
  readonly bytes: number;
  readonly onProgress: ReportProgress;
  readonly signal: AbortSignal;
  /** how long the server may stay silent, at first and in between */
  readonly patienceMs?: number;
}

/** Throws when the file could not be had whole; what came stays in the partial file for the next attempt. */
export async function download(task: ResumableDownload): Promise<void> {
  const present = await sizeOf(task.partialFile);
  if (present > task.bytes) await rm(task.partialFile);
  if (present === task.bytes) return;
  const from = present > task.bytes ? 0 : present;
  const quiet = new AbortController();
  const timer = setTimeout(() => {
    quiet.abort(new Error("the server sent nothing for too long"));
  }, task.patienceMs ?? PATIENCE_MS);
  try {
    const response = await fetch(task.url, {
      headers: from > 0 ? { range: `bytes=${from}-` } : {},
      signal: AbortSignal.any([quiet.signal, task.signal]),
    });
    if (!response.ok || response.body === null) throw new Error(`the server answered with status ${response.status}`);
    const resumed = response.status === 206 && startOf(response) === from;
    if (response.status === 206 && !resumed) throw new Error("the server resumed at another place than asked");
    let received = resumed ? from : 0;
    const pieces = async function* (body: ReadableStream<Uint8Array>): AsyncGenerator<Uint8Array> {
      for await (const piece of body) {
        timer.refresh();
        received += piece.length;
        if (received > task.bytes) throw new Error("the server sent more than the file is long");
        task.onProgress(received);
        yield piece;
      }
    };
    await pipeline(pieces(response.body), createWriteStream(task.partialFile, { flags: resumed ? "a" : "w" }));
    if (received < task.bytes) throw new Error(`the connection ended after ${received} of ${task.bytes} bytes`);
  } catch (cause) {
    throw quiet.signal.aborted ? quiet.signal.reason : cause;
  } finally {
    clearTimeout(timer);
  }
}

function startOf(response: Response): number | null {
  const match = /^bytes (\d+)-/.exec(response.headers.get("content-range") ?? "");
  return match === null ? null : Number(match[1]);
}

async function sizeOf(file: string): Promise<number> {
  try {
    return (await stat(file)).size;
  } catch (cause) {
    if (errorCodeOf(cause) === "ENOENT") return 0;
    throw cause;
  }
}
