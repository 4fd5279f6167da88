// Installs the library under the embedded model into local/node_modules: the versions and hashes of local/package-lock.json, and of
// its binaries only this platform's CPU build (85 MB; with every optional package it would be 725 MB, most of it for GPUs).
// Law: it appears whole or not at all, and a second start finds it and does nothing.
import { mkdir, readFile, rename, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import type { ChildProcesses } from "./launch/child-processes.ts";
import { lockFor, platformPackage, readLock, sameVersions } from "./launch/platform-lock.ts";
import { errorCodeOf, StartProblem } from "./start-problem.ts";

export interface InstallTask {
  /** the folder with package.json and package-lock.json */
  readonly folder: string;
  readonly processes: ChildProcesses;
  readonly log: (line: string) => void;
}

export async function ensureInstalled({ folder, processes, log }: InstallTask): Promise<void> {
  const binaries = platformPackage(process.platform, process.arch);
  const lock = readLock(await readFile(join(folder, "package-lock.json"), "utf8"));
  const wanted = lockFor(lock, binaries);
  const target = join(folder, "node_modules");
  if (await isInstalled(target, wanted)) return;
  log("Installing the model's library (85 MB, once) …");
  const scratch = join(folder, `.install-${process.pid}`);
  try {
    await mkdir(scratch, { recursive: true });
    const manifest = { name: "setback-local", version: "0.1.0", private: true, dependencies: wanted.rootDependencies };
    await writeFile(join(scratch, "package.json"), JSON.stringify(manifest));
    await writeFile(join(scratch, "package-lock.json"), JSON.stringify(wanted.lock));
    const quiet = ["--no-audit", "--no-fund", "--loglevel", "error"];
    const [command, ...before] = npmCommand();
    const npm = await processes.run(command, [...before, "ci", "--omit=optional", "--ignore-scripts", ...quiet], {
      cwd: scratch,
      shell: process.platform === "win32" && before.length === 0,
    });
    if (npm.code !== 0) {
      const reason = npm.missing ? "npm is not on this machine" : `npm said: ${lastError(npm.output)}`;
      throw new StartProblem(`The model's library could not be installed (${reason}).`);
    }
    await rm(target, { recursive: true, force: true });
    await rename(join(scratch, "node_modules"), target);
  } finally {
    await rm(scratch, { recursive: true, force: true });
  }
}

async function isInstalled(target: string, wanted: ReturnType<typeof lockFor>): Promise<boolean> {
  try {
    // npm's own note of what lies in node_modules.
    return sameVersions(wanted, readLock(await readFile(join(target, ".package-lock.json"), "utf8")));
  } catch (cause) {
    if (errorCodeOf(cause) === "ENOENT") return false;
    throw cause;
  }
}

/** `npm start` names its own npm; it runs on the Node that runs us. */
function npmCommand(): [string, ...string[]] {
  const script = process.env["npm_execpath"];
  return script === undefined ? ["npm"] : [process.execPath, script];
}

function lastError(output: string): string {
  const lines = output.split("\n").filter((line) => /^npm (error|ERR!)/.test(line) && !line.includes("complete log"));
  return (
    lines
      .slice(0, 3)
      .join(" ")
      .replaceAll(/npm (?:error|ERR!) ?/g, "")
      .trim() || output.trim().slice(-200)
  );
}
