// `npm run clients`: the real clients against the built Worker and a scripted model, once for each stream mode. No network but the
// loopback interface once the clients are installed. Law: exits 0 only if every check of every client passed in every mode.
import { spawn } from "node:child_process";
import { once } from "node:events";
import { globSync } from "node:fs";
import { join, resolve } from "node:path";
import { ensureClients } from "./install.ts";
import { startUpstream } from "./upstream.ts";
import { ADMIN_KEY, buildWorker, startGateway } from "./worker.ts";

/** What a client sees must hold in both modes that check before they release. */
const STREAM_MODES = ["hold_back", "buffer"] as const;
const root = resolve(import.meta.dirname, "..", "..");

/** Not synchronously: the scripted model answers from this process. */
async function run(what: string, args: readonly string[], environment: NodeJS.ProcessEnv): Promise<boolean> {
  console.log(`\n${what}`);
  const options = { cwd: import.meta.dirname, env: { ...process.env, ...environment } };
  const child = spawn(process.execPath, args, { ...options, stdio: "inherit" });
  await once(child, "exit");
  return child.exitCode === 0;
}

ensureClients();
const compiler = join(root, "node_modules", "typescript", "bin", "tsc");
let good = await run("Types", [compiler, "--noEmit", "-p", join(import.meta.dirname, "tsconfig.json")], {});
const tests = globSync("{openai,ai-sdk,promptfoo}/*.test.ts", { cwd: import.meta.dirname });
const upstream = await startUpstream();
const built = buildWorker();
for (const mode of STREAM_MODES) {
  const gateway = await startGateway(built, upstream.url, mode);
  try {
    const environment = {
      SETBACK_CLIENTS_GATEWAY: gateway.url,
      SETBACK_CLIENTS_KEY: ADMIN_KEY,
      SETBACK_CLIENTS_UPSTREAM: upstream.url,
      SETBACK_CLIENTS_STREAM_MODE: mode,
    };
    const args = ["--test", "--test-concurrency=1", "--test-reporter=spec", ...tests.toSorted()];
    good = (await run(`Stream mode ${mode}`, args, environment)) && good;
  } finally {
    await gateway.stop();
  }
}
built.remove();
upstream.server.closeAllConnections();
upstream.server.close();
process.exitCode = good ? 0 : 1;
