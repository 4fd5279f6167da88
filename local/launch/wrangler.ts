// How wrangler is called: on our own Node, quiet, offline, with all its state in one folder.
// Law: no value of a variable stands on a command line, and nothing is written to the user's home.
import { join } from "node:path";
import { unstable_readConfig } from "wrangler";
import { z } from "zod";
import { StartProblem } from "../start-problem.ts";
import type { ChildProcesses, Lasting } from "./child-processes.ts";
import { LOOPBACK } from "./ports.ts";

/** The parts of wrangler.toml that we act on; wrangler's own types need more libraries than we have. */
const configSchema = z.looseObject({
  d1_databases: z.array(z.looseObject({ database_name: z.string() })),
  r2_buckets: z.array(z.looseObject({ bucket_name: z.string() })),
  triggers: z.looseObject({ crons: z.array(z.string()).optional() }),
});

export interface Wrangler {
  readonly root: string;
  readonly stateFolder: string;
  readonly processes: ChildProcesses;
}

export async function applyMigrations(wrangler: Wrangler): Promise<void> {
  for (const { database_name: name } of readConfig(wrangler.root).d1_databases) {
    const database = ["d1", "migrations", "apply", name, "--config", configFile(wrangler.root)];
    const args = [scriptOf(wrangler.root), ...database, "--local", "--persist-to", wrangler.stateFolder];
    const env = { ...environmentOf(wrangler), CI: "1", WRANGLER_LOG: "log" };
    const applied = await wrangler.processes.run(process.execPath, args, { cwd: wrangler.root, env });
    if (applied.code !== 0) {
      throw new StartProblem(`The database could not be brought up to date:\n${applied.output.trim()}`);
    }
  }
}

/** Puts a file into the bucket of wrangler.toml, under a key. */
export async function putObject(wrangler: Wrangler, key: string, file: string): Promise<void> {
  for (const { bucket_name: bucket } of readConfig(wrangler.root).r2_buckets) {
    const object = ["r2", "object", "put", `${bucket}/${key}`, "--file", file, "--config", configFile(wrangler.root)];
    const args = [scriptOf(wrangler.root), ...object, "--local", "--persist-to", wrangler.stateFolder];
    const put = await wrangler.processes.run(process.execPath, args, {
      cwd: wrangler.root,
      env: environmentOf(wrangler),
    });
    if (put.code !== 0) throw new StartProblem(`${file} could not be put into the object store:\n${put.output.trim()}`);
  }
}

export function startWorker(wrangler: Wrangler, port: number, variablesFile: string): Lasting {
  const listen = ["--ip", LOOPBACK, "--port", String(port), "--inspector-port", "0"];
  const quiet = ["--show-interactive-dev-session=false", "--live-reload=false"];
  const state = ["--persist-to", wrangler.stateFolder, "--env-file", variablesFile];
  return wrangler.processes.start(
    process.execPath,
    [scriptOf(wrangler.root), "dev", "--config", configFile(wrangler.root), "--local", ...listen, ...quiet, ...state],
    { cwd: wrangler.root, env: environmentOf(wrangler), stdio: ["ignore", "pipe", "pipe"] },
  );
}

export function cronsOf(root: string): readonly string[] {
  return readConfig(root).triggers.crons ?? [];
}

function readConfig(root: string): z.infer<typeof configSchema> {
  return configSchema.parse(unstable_readConfig({ config: configFile(root) }));
}

function environmentOf({ stateFolder }: Wrangler): NodeJS.ProcessEnv {
  return {
    ...process.env,
    WRANGLER_SEND_METRICS: "false",
    WRANGLER_LOG: process.env["WRANGLER_LOG"] ?? "error",
    WRANGLER_LOG_PATH: join(stateFolder, "logs"),
    WRANGLER_REGISTRY_PATH: join(stateFolder, "registry"),
    CLOUDFLARE_CF_FETCH_ENABLED: "false",
    CLOUDFLARE_INCLUDE_PROCESS_ENV: "false",
    CLOUDFLARE_LOAD_DEV_VARS_FROM_DOT_ENV: "true",
    X_LOCAL_OBSERVABILITY: "false",
    X_LOCAL_EXPLORER: "false",
  };
}

function configFile(root: string): string {
  return join(root, "wrangler.toml");
}

function scriptOf(root: string): string {
  return join(root, "node_modules", "wrangler", "bin", "wrangler.js");
}
