// Starts the whole system as a newcomer would — `npm start` — on a free port with a state folder of its own, and ends it.
import { spawn } from "node:child_process";
import { mkdtemp, rm } from "node:fs/promises";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { readAdminKey } from "../../local/running-system.ts";

const root = resolve(import.meta.dirname, "..", "..");

/** Weights and the local model's library may have to be fetched first. */
const START_MILLISECONDS = 15 * 60_000;

export interface RunningGateway {
  /** `http://127.0.0.1:PORT` */
  readonly url: string;
  readonly adminKey: string;
  readonly stop: () => Promise<void>;
}

async function freePort(): Promise<number> {
  return await new Promise((resolvePort, reject) => {
    const server = createServer();
    server.once("error", reject);
    server.listen(0, "127.0.0.1", () => {
      const address = server.address();
      server.close(() => {
        if (address === null || typeof address === "string") reject(new Error("no port"));
        else resolvePort(address.port);
      });
    });
  });
}

/** `environment` adds to the process's own. Everything that the system prints goes to this process's output. */
export async function startGateway(environment: Readonly<Record<string, string>>): Promise<RunningGateway> {
  const port = await freePort();
  const state = await mkdtemp(join(tmpdir(), "setback-smoke-"));
  const child = spawn("npm", ["start"], {
    cwd: root,
    env: { ...process.env, ...environment, SETBACK_PORT: String(port), SETBACK_STATE: state },
    stdio: ["ignore", "inherit", "inherit"],
    detached: true,
  });
  const exited = new Promise<number | null>((resolveExit) => child.once("exit", resolveExit));
  const url = `http://127.0.0.1:${port}`;
  const stop = async (): Promise<void> => {
    if (child.pid !== undefined && child.exitCode === null) process.kill(-child.pid, "SIGINT");
    await exited;
    await rm(state, { recursive: true, force: true });
  };
  const deadline = Date.now() + START_MILLISECONDS;
  while (Date.now() < deadline) {
    if (child.exitCode !== null) throw new Error(`npm start ended with ${child.exitCode}`);
    const healthy = await fetch(`${url}/health`).then(
      ({ ok }) => ok,
      () => false,
    );
    const adminKey = await readAdminKey();
    if (healthy && adminKey !== null) return { url, adminKey, stop };
    await new Promise((wait) => setTimeout(wait, 500));
  }
  await stop();
  throw new Error("npm start did not answer in time");
}
