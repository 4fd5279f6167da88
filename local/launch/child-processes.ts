// Every process that `npm start` begins, each in a group of its own, so that none outlives it: wrangler starts workerd, npm starts
// node. Law: nothing is left running after stopAll, and the death of a lasting child is told once.
import { spawn, type ChildProcess, type SpawnOptions } from "node:child_process";
import { setTimeout as sleep } from "node:timers/promises";
import { errorCodeOf } from "../start-problem.ts";

const PATIENCE_MS = 5000;
const LOOK_EVERY_MS = 50;
const MOST_OUTPUT_CHARACTERS = 64 * 1024;

export interface Finished {
  /** null: ended by a signal, or never started */
  readonly code: number | null;
  /** the command is not on this machine */
  readonly missing: boolean;
  readonly output: string;
}

export interface Lasting {
  readonly child: ChildProcess;
  /** resolves when it has ended; never rejects */
  readonly ended: Promise<Finished>;
}

export class ChildProcesses {
  readonly #alive = new Set<ChildProcess>();
  #stopping = false;

  /** A child that lasts, like a server. */
  start(command: string, args: readonly string[], options: SpawnOptions): Lasting {
    if (this.#stopping) throw new Error("Setback is stopping.");
    const child = spawn(command, args, { ...options, detached: process.platform !== "win32" });
    this.#alive.add(child);
    let output = "";
    const collect = (piece: unknown): void => {
      output = (output + String(piece)).slice(-MOST_OUTPUT_CHARACTERS);
    };
    child.stdout?.on("data", collect);
    child.stderr?.on("data", collect);
    const ended = new Promise<Finished>((resolve) => {
      child.on("error", (cause) => {
        this.#alive.delete(child);
        resolve({ code: null, missing: errorCodeOf(cause) === "ENOENT", output: cause.message });
      });
      child.on("close", (code) => {
        if (!groupLives(child)) this.#alive.delete(child);
        resolve({ code, missing: false, output });
      });
    });
    return { child, ended };
  }

  /** A child that does its work and ends. */
  async run(command: string, args: readonly string[], options: SpawnOptions = {}): Promise<Finished> {
    return await this.start(command, args, { stdio: ["ignore", "pipe", "pipe"], ...options }).ended;
  }

  async stopAll(): Promise<void> {
    this.#stopping = true;
    await Promise.all([...this.#alive].map(stopGroup));
    this.#alive.clear();
  }
}

async function stopGroup(child: ChildProcess): Promise<void> {
  signalGroup(child, "SIGTERM");
  const deadline = Date.now() + PATIENCE_MS;
  while (groupLives(child) && Date.now() < deadline) await sleep(LOOK_EVERY_MS);
  signalGroup(child, "SIGKILL");
}

function groupLives(child: ChildProcess): boolean {
  if (child.pid === undefined) return false;
  if (process.platform === "win32") return child.exitCode === null && child.signalCode === null;
  try {
    return process.kill(-child.pid, 0);
  } catch {
    return false;
  }
}

function signalGroup(child: ChildProcess, signal: NodeJS.Signals): void {
  if (child.pid === undefined || !groupLives(child)) return;
  if (process.platform === "win32") {
    // Windows has no process groups: taskkill ends the tree.
    spawn("taskkill", ["/pid", String(child.pid), "/t", "/f"], { stdio: "ignore" });
    return;
  }
  try {
    process.kill(-child.pid, signal);
  } catch {
    // It ended between the look and the signal.
  }
}
