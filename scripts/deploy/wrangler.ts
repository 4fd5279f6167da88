// wrangler as a child process. Law: arguments are an array, no secret is one of them, and it never asks: it has no terminal.
import { spawn } from "node:child_process";
import { stripVTControlCharacters } from "node:util";

export interface Ran {
  /** null: ended by a signal */
  readonly code: number | null;
  readonly stdout: string;
  /** both streams, for what went wrong */
  readonly output: string;
}

export interface RunOptions {
  /** written to its standard input */
  readonly input?: string;
  readonly environment?: Readonly<Record<string, string>>;
}

export type Wrangler = (args: readonly string[], options?: RunOptions) => Promise<Ran>;

export interface WranglerPlace {
  /** the program and what stands before the arguments */
  readonly command: readonly [string, ...string[]];
  readonly folder: string;
  readonly environment: NodeJS.ProcessEnv;
}

export function createWrangler({ command: [program, ...before], folder, environment }: WranglerPlace): Wrangler {
  // Without colours its words can be matched (its error boxes keep theirs, so those are stripped); at level `log` its JSON is printed, whatever the operator's level.
  const plain = { CI: "1", NO_COLOR: "1", FORCE_COLOR: "0", WRANGLER_LOG: "log", WRANGLER_HIDE_BANNER: "true" };
  const quiet = { WRANGLER_SEND_METRICS: environment["WRANGLER_SEND_METRICS"] ?? "false" };
  return async (args, { input = "", environment: further = {} } = {}) =>
    await new Promise((resolve, reject) => {
      const child = spawn(program, [...before, ...args], {
        cwd: folder,
        env: { ...environment, ...plain, ...quiet, ...further },
        stdio: ["pipe", "pipe", "pipe"],
      });
      let stdout = "";
      let output = "";
      child.stdout.setEncoding("utf8").on("data", (piece: string) => {
        stdout += piece;
        output += piece;
      });
      child.stderr.setEncoding("utf8").on("data", (piece: string) => {
        output += piece;
      });
      child.on("error", reject);
      child.on("close", (code) => {
        resolve({ code, stdout, output: stripVTControlCharacters(output) });
      });
      // A child that ends without reading closes the pipe; its exit code tells why.
      child.stdin.on("error", () => undefined);
      child.stdin.end(input);
    });
}
