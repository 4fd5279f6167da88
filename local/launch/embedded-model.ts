// Brings up the embedded model: its library, its weights, its server on a free loopback port.
// Law: nothing of it happens when the operator names an upstream.
import { stat } from "node:fs/promises";
import { basename, join } from "node:path";
import { PINNED_WEIGHTS } from "../download/pinned-weights.ts";
import { ensureInstalled } from "../install.ts";
import { StartProblem } from "../start-problem.ts";
import { ensureWeights, pinnedWeightsTask } from "../weights.ts";
import type { ChildProcesses, Lasting } from "./child-processes.ts";
import { LOOPBACK } from "./ports.ts";
import { deathOf, waitUntilAnswers } from "./readiness.ts";
import type { StartSettings } from "./settings.ts";

const ANSWERS_WITHIN_MS = 120_000;
export const MODEL_SERVER = "The local model";

export interface EmbeddedModel {
  readonly name: string;
  readonly url: string;
  readonly server: Lasting;
}

export async function startEmbeddedModel(
  settings: StartSettings,
  localFolder: string,
  processes: ChildProcesses,
  stopped: AbortSignal,
): Promise<EmbeddedModel> {
  const log = (line: string): void => {
    console.log(line);
  };
  if (settings.modelFile !== null) await assertFile(settings.modelFile);
  await ensureInstalled({ folder: localFolder, processes, log });
  const task = pinnedWeightsTask(PINNED_WEIGHTS, settings.weightsFolder, processes, process.stdout, stopped);
  const modelFile = settings.modelFile ?? (await ensureWeights(task));
  const name = settings.modelFile === null ? PINNED_WEIGHTS.modelName : basename(settings.modelFile, ".gguf");
  const script = join(localFolder, "model-server.ts");
  const args = [script, "--model", modelFile, "--name", name, "--adapters", settings.adaptersFolder];
  const server = processes.start(process.execPath, args, { stdio: ["ignore", "pipe", "pipe", "ipc"] });
  server.child.stderr?.pipe(process.stderr);
  const url = `http://${LOOPBACK}:${await portOf(server)}/v1`;
  await waitUntilAnswers(MODEL_SERVER, `${url}/models`, server, ANSWERS_WITHIN_MS);
  return { name, url, server };
}

/** The system gives the server a free port, and the server tells which. */
async function portOf(server: Lasting): Promise<number> {
  const told = new Promise<number>((resolve) => {
    server.child.on("message", (message) => {
      if (typeof message === "object" && "port" in message && typeof message.port === "number") resolve(message.port);
    });
  });
  const first = await Promise.race([told, server.ended]);
  if (typeof first === "number") return first;
  throw new StartProblem(deathOf(MODEL_SERVER, first));
}

async function assertFile(file: string): Promise<void> {
  const found = await stat(file).catch(() => null);
  if (found?.isFile() !== true) throw new StartProblem(`SETBACK_MODEL_FILE names no file: ${file}.`);
}
