// Portkey's gateway without guardrails, to compare with. Law: installed from npm into an ignored folder, once; without a network
// it is left out, and what is compared with it counts as not measured.
import { execFileSync, spawn } from "node:child_process";
import { existsSync, mkdirSync, writeFileSync } from "node:fs";
import { createServer } from "node:net";
import { join } from "node:path";
import type { System } from "./system.ts";

const VERSION = "1.15.2";
const FOLDER = join(import.meta.dirname, "..", "..", ".wrangler", "bench", `portkey-${VERSION}`);
const START = join(FOLDER, "node_modules", "@portkey-ai", "gateway", "build", "start-server.js");
const START_MILLISECONDS = 20_000;

function install(): void {
  if (existsSync(START)) return;
  mkdirSync(FOLDER, { recursive: true });
  // Its streams need this version of the server adapter.
  const overrides = { "@hono/node-server": "1.13.8" };
  const manifest = { private: true, dependencies: { "@portkey-ai/gateway": VERSION }, overrides };
  writeFileSync(join(FOLDER, "package.json"), JSON.stringify(manifest));
  const command = ["install", "--ignore-scripts", "--no-audit", "--no-fund", "--loglevel=error"];
  execFileSync("npm", command, { cwd: FOLDER, stdio: ["ignore", "ignore", "inherit"] });
}

async function freePort(): Promise<number> {
  return await new Promise((resolve) => {
    const server = createServer().listen(0, "127.0.0.1", () => {
      const address = server.address();
      server.close(() => {
        resolve(typeof address === "object" && address !== null ? address.port : 0);
      });
    });
  });
}

async function answers(port: number): Promise<boolean> {
  try {
    await fetch(`http://127.0.0.1:${port}/`);
    return true;
  } catch {
    return false;
  }
}

/** It listens on all interfaces; there is no setting for that. */
export async function startPortkey(modelPort: number): Promise<System> {
  install();
  const port = await freePort();
  const child = spawn(process.execPath, [START, `--port=${port}`, "--headless"], { cwd: FOLDER, stdio: "ignore" });
  const stop = async (): Promise<void> => {
    child.kill();
    await Promise.resolve();
  };
  const deadline = Date.now() + START_MILLISECONDS;
  while (!(await answers(port))) {
    if (Date.now() > deadline || child.exitCode !== null) {
      await stop();
      throw new Error("Portkey's gateway did not start.");
    }
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
  const headers = {
    authorization: "Bearer none",
    "x-portkey-provider": "openai",
    "x-portkey-custom-host": `http://127.0.0.1:${modelPort}/v1`,
  };
  return { name: "portkey", port, pid: child.pid ?? null, headers, stop };
}
