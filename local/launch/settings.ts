// What the operator set for `npm start`, read once from the environment. Law: a bad value is one clear sentence, never a default.
import { resolve } from "node:path";
import { StartProblem } from "../start-problem.ts";

const DEFAULT_PORT = 8787;
const DEFAULT_TICK_SECONDS = 60;

export interface StartSettings {
  readonly port: number;
  /** wrangler's folder: D1, R2 and queues live here */
  readonly stateFolder: string;
  readonly tickMilliseconds: number;
  /** another GGUF than the pinned one */
  readonly modelFile: string | null;
  readonly weightsFolder: string;
  readonly adaptersFolder: string;
  /** JSONL of normal pairs for releases, put into the local object store at every start */
  readonly normalFile: string | null;
}

export function readStartSettings(environment: NodeJS.ProcessEnv, root: string): StartSettings {
  const textOf = (name: string): string => environment[name] ?? "";
  const path = (name: string, fallback: string): string => resolve(root, textOf(name) === "" ? fallback : textOf(name));
  return {
    port: readNumber(environment, "SETBACK_PORT", DEFAULT_PORT, isPort, "a port between 1 and 65535"),
    stateFolder: path("SETBACK_STATE", ".wrangler/state"),
    tickMilliseconds:
      1000 *
      readNumber(environment, "SETBACK_TICK_SECONDS", DEFAULT_TICK_SECONDS, isPeriod, "a number of seconds above 0"),
    modelFile: textOf("SETBACK_MODEL_FILE") === "" ? null : path("SETBACK_MODEL_FILE", ""),
    weightsFolder: path("SETBACK_WEIGHTS", "local/weights"),
    adaptersFolder: path("SETBACK_ADAPTERS", "local/adapters"),
    normalFile: textOf("SETBACK_NORMAL_FILE") === "" ? null : path("SETBACK_NORMAL_FILE", ""),
  };
}

function readNumber(
  environment: NodeJS.ProcessEnv,
  name: string,
  fallback: number,
  accepts: (value: number) => boolean,
  wanted: string,
): number {
  const text = environment[name] ?? "";
  if (text === "") return fallback;
  const value = Number(text);
  if (accepts(value)) return value;
  throw new StartProblem(`${name} must be ${wanted}, not "${text}".`);
}

function isPort(value: number): boolean {
  return Number.isInteger(value) && value >= 1 && value <= 65_535;
}

function isPeriod(value: number): boolean {
  return value > 0 && value <= 86_400;
}
