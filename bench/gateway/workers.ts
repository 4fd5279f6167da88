// Starts Workers in Miniflare: the one that is built from this repository, and one that returns the upstream's body untouched.
// Law: both are reached in the same way — a socket of their own, past Miniflare's entry — and leave in the same way.
import { execFileSync } from "node:child_process";
import { randomBytes } from "node:crypto";
import { readdirSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { convertV4MiniflareOptions, Miniflare } from "miniflare";
import { unstable_getMiniflareWorkerOptions } from "wrangler";
import { z } from "zod";
import { childrenNamed } from "./process-usage.ts";
import type { System, SystemName } from "./system.ts";

const ROOT = join(import.meta.dirname, "..", "..");
const BUILD = join(ROOT, ".wrangler", "bench", "build");
const DIRECT = { unsafeDirectSockets: [{ host: "127.0.0.1", port: 0 }] };

const UNTOUCHED = `export default {
  async fetch(request, env) {
    const { method, headers, body } = request;
    return await fetch(env.UPSTREAM + new URL(request.url).pathname, { method, headers, body });
  },
};`;

function quietEnvironment(): NodeJS.ProcessEnv {
  return { ...process.env, WRANGLER_SEND_METRICS: "false", CLOUDFLARE_CF_FETCH_ENABLED: "false" };
}

/** As `npm run build` does it. */
export function buildWorker(): string {
  const wrangler = join(ROOT, "node_modules", "wrangler", "bin", "wrangler.js");
  const command = [wrangler, "deploy", "--dry-run", "--env=", "--outdir", BUILD];
  execFileSync(process.execPath, command, {
    cwd: ROOT,
    env: quietEnvironment(),
    stdio: ["ignore", "ignore", "inherit"],
  });
  return join(BUILD, "index.js");
}

async function start(
  name: SystemName,
  worker: Parameters<typeof convertV4MiniflareOptions>[0],
): Promise<{ readonly miniflare: Miniflare; readonly system: System }> {
  const before = childrenNamed("workerd");
  const miniflare = new Miniflare(convertV4MiniflareOptions({ ...worker, ...DIRECT, cf: false }));
  await miniflare.ready;
  const { port } = await miniflare.unsafeGetDirectURL();
  const pid = childrenNamed("workerd").find((each) => !before.includes(each)) ?? null;
  const stop = async (): Promise<void> => {
    await miniflare.dispose();
  };
  return { miniflare, system: { name, port: Number(port), pid, headers: {}, stop } };
}

export async function startUntouched(modelPort: number): Promise<System> {
  const { system } = await start("untouched", {
    modules: true,
    script: UNTOUCHED,
    compatibilityDate: "2026-10-01",
    bindings: { UPSTREAM: `http://127.0.0.1:${modelPort}` },
  });
  return system;
}

export async function migrate(miniflare: Miniflare): Promise<void> {
  const database = await miniflare.getD1Database("DB");
  const folder = join(ROOT, "migrations");
  for (const name of readdirSync(folder)
    .filter((file) => file.endsWith(".sql"))
    .toSorted()) {
    const statements = readFileSync(join(folder, name), "utf8").split("--> statement-breakpoint");
    for (const statement of statements) if (statement.trim() !== "") await database.prepare(statement).run();
  }
}

const madeKeySchema = z.looseObject({ key: z.string() });

export async function makeKey(port: number, adminKey: string): Promise<string> {
  const response = await fetch(`http://127.0.0.1:${port}/v1/keys`, {
    method: "POST",
    headers: { authorization: `Bearer ${adminKey}`, "content-type": "application/json" },
    body: JSON.stringify({ name: "bench", scopes: ["chat"] }),
  });
  const text = await response.text();
  if (!response.ok) throw new Error(`No key could be made: ${response.status} ${text}`);
  return madeKeySchema.parse(JSON.parse(text)).key;
}

const variablesSchema = z.record(z.string(), z.json());

/** The built Worker with every binding that wrangler.toml names, its tables, and a key as a client has one. */
export async function startSetback(modelPort: number, script: string): Promise<System> {
  const { workerOptions } = unstable_getMiniflareWorkerOptions(join(ROOT, "wrangler.toml"));
  const adminKey = randomBytes(24).toString("base64url");
  const { miniflare, system } = await start("setback", {
    ...workerOptions,
    modules: [{ type: "ESModule", path: script }],
    modulesRoot: dirname(script),
    bindings: {
      ...variablesSchema.parse(workerOptions.bindings),
      SETBACK_ADMIN_KEY: adminKey,
      SETBACK_UPSTREAM_URL: `http://127.0.0.1:${modelPort}/v1`,
    },
  });
  await migrate(miniflare);
  const key = await makeKey(system.port, adminKey);
  return { ...system, headers: { authorization: `Bearer ${key}` } };
}
