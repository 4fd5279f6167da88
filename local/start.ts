// `npm start`: the whole of Setback on this machine. Installs and fetches what is missing, starts the model and the Worker, drives
// the schedule. Law: whatever goes wrong is said in a sentence, and nothing that was started here outlives it.
import { rm } from "node:fs/promises";
import { dirname, join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { bannerOf } from "./launch/banner.ts";
import { ChildProcesses, type Lasting } from "./launch/child-processes.ts";
import { driveCrons } from "./launch/cron-driver.ts";
import { ensureSecrets } from "./launch/dev-vars.ts";
import { MODEL_SERVER, startEmbeddedModel } from "./launch/embedded-model.ts";
import { assertPortFree, LOOPBACK } from "./launch/ports.ts";
import { deathOf, waitUntilAnswers } from "./launch/readiness.ts";
import { readStartSettings } from "./launch/settings.ts";
import { writeVariablesFile } from "./launch/variables-file.ts";
import { SECRET_VARIABLES, workerVariables } from "./launch/worker-variables.ts";
import { applyMigrations, cronsOf, startWorker } from "./launch/wrangler.ts";
import { sentenceOf, StartProblem } from "./start-problem.ts";

const WORKER = "The Worker";
const ANSWERS_WITHIN_MS = 120_000;
const LAST_WORDS_MS = 1000;
const PARENT_LOOK_EVERY_MS = 500;
const localFolder = import.meta.dirname;
const root = dirname(localFolder);

async function serve(processes: ChildProcesses, stopped: AbortSignal): Promise<never> {
  const settings = readStartSettings(process.env, root);
  await assertPortFree(settings.port);
  const secrets = await ensureSecrets(join(root, ".dev.vars"), SECRET_VARIABLES);
  if (secrets.added.length > 0) console.log(`Wrote new secrets to .dev.vars: ${secrets.added.join(", ")}.`);
  const variables = workerVariables(secrets.variables, process.env);

  const wrangler = { root, stateFolder: settings.stateFolder, processes };
  const servers: [name: string, server: Lasting][] = [];
  const upstream = async (): Promise<Readonly<Record<string, string>>> => {
    if (variables["SETBACK_UPSTREAM_URL"] !== undefined) return variables;
    const model = await startEmbeddedModel(settings, localFolder, processes, stopped);
    servers.push([MODEL_SERVER, model.server]);
    return { SETBACK_UPSTREAM_MODEL: model.name, ...variables, SETBACK_UPSTREAM_URL: model.url };
  };
  const [complete] = await Promise.all([upstream(), applyMigrations(wrangler)]);

  const variablesFile = join(settings.stateFolder, `worker-${settings.port}.env`);
  await writeVariablesFile(variablesFile, complete);
  try {
    const worker = startWorker(wrangler, settings.port, variablesFile);
    worker.child.stdout?.pipe(process.stderr);
    worker.child.stderr?.pipe(process.stderr);
    servers.push([WORKER, worker]);
    const address = `http://${LOOPBACK}:${settings.port}`;
    await waitUntilAnswers(WORKER, `${address}/health`, worker, ANSWERS_WITHIN_MS);

    void driveCrons({
      crons: cronsOf(root),
      address,
      periodMilliseconds: settings.tickMilliseconds,
      signal: stopped,
      log: (line) => {
        console.error(line);
      },
    });
    const model = complete["SETBACK_UPSTREAM_MODEL"] ?? null;
    const keyInFile = (process.env["SETBACK_ADMIN_KEY"] ?? "") === "";
    console.log(bannerOf({ port: settings.port, model, keyInFile }));
    const deaths = servers.map(async ([name, server]) => deathOf(name, await server.ended));
    throw new StartProblem(`${await Promise.race(deaths)} Setback has stopped.`);
  } finally {
    await rm(variablesFile, { force: true });
  }
}

const processes = new ChildProcesses();
const stop = new AbortController();
for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const) {
  process.on(signal, () => {
    stop.abort();
  });
}
// npm answers SIGTERM by ending the shell between us, which tells us nothing: we only see that our parent is another.
const parent = process.ppid;
if (process.env["npm_lifecycle_event"] !== undefined) {
  setInterval(() => {
    if (process.ppid !== parent) stop.abort();
  }, PARENT_LOOK_EVERY_MS).unref();
}
const asked = new Promise<"asked">((resolve) => {
  stop.signal.addEventListener("abort", () => {
    resolve("asked");
  });
});
const serving = serve(processes, stop.signal).catch((cause: unknown) => cause);
const end = await Promise.race([serving, asked]);
if (end !== "asked") {
  console.error(end instanceof StartProblem ? end.message : `Setback could not start: ${sentenceOf(end)}`);
}
stop.abort();
await processes.stopAll();
// What was interrupted tidies up: scratch folders, the file of variables.
await Promise.race([serving, sleep(LAST_WORDS_MS)]);
process.exit(end === "asked" ? 0 : 1);
