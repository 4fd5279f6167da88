// The built gateway over a database in a folder of its own, so that the file can be looked into afterwards.
import { execFileSync } from "node:child_process";
import { randomBytes } from "node:crypto";
import { readdirSync, statSync } from "node:fs";
import { dirname, join } from "node:path";
import { convertV4MiniflareOptions, Miniflare } from "miniflare";
import { unstable_getMiniflareWorkerOptions } from "wrangler";
import { z } from "zod";
import { migrate } from "../gateway/workers.ts";

const ROOT = join(import.meta.dirname, "..", "..");
const BUILD = join(ROOT, ".wrangler", "bench", "store");

export interface StoreGateway {
  /** with a body it is posted */
  readonly ask: (
    path: string,
    body?: object,
  ) => Promise<{ readonly milliseconds: number; readonly status: number; readonly body: string }>;
  readonly inspector: () => Promise<URL>;
  readonly stop: () => Promise<void>;
}

export function buildStoreWorker(): string {
  const wrangler = join(ROOT, "node_modules", "wrangler", "bin", "wrangler.js");
  const entry = join(ROOT, "bench", "store", "worker.ts");
  execFileSync(process.execPath, [wrangler, "deploy", entry, "--dry-run", "--env=", "--outdir", BUILD], {
    cwd: ROOT,
    env: { ...process.env, WRANGLER_SEND_METRICS: "false", CLOUDFLARE_CF_FETCH_ENABLED: "false" },
    stdio: ["ignore", "ignore", "inherit"],
  });
  return join(BUILD, "worker.js");
}

/** The file of the database that a gateway keeps there. */
export function databaseFile(folder: string): string {
  const files = readdirSync(folder, { recursive: true, encoding: "utf8" })
    .filter((file) => /\bd1\b.*\.sqlite$/.test(file))
    .map((file) => join(folder, file));
  const largest = files.toSorted((left, right) => statSync(right).size - statSync(left).size)[0];
  if (largest === undefined) throw new Error(`there is no database under ${folder}`);
  return largest;
}

/** `isNew`: with its tables made. */
export async function startStoreGateway(script: string, folder: string, isNew: boolean): Promise<StoreGateway> {
  const adminKey = randomBytes(24).toString("base64url");
  const { workerOptions } = unstable_getMiniflareWorkerOptions(join(ROOT, "wrangler.toml"));
  const miniflare = new Miniflare(
    convertV4MiniflareOptions({
      ...workerOptions,
      modules: [{ type: "ESModule", path: script }],
      modulesRoot: dirname(script),
      bindings: {
        ...z.record(z.string(), z.json()).parse(workerOptions.bindings),
        SETBACK_ADMIN_KEY: adminKey,
        SETBACK_UPSTREAM_URL: "http://127.0.0.1:9/v1",
      },
      resourcePersistencePath: folder,
      cf: false,
      inspectorPort: 0,
      unsafeDirectSockets: [{ host: "127.0.0.1", port: 0 }],
    }),
  );
  await miniflare.ready;
  const address = await miniflare.unsafeGetDirectURL();
  if (isNew) await migrate(miniflare);
  const ask: StoreGateway["ask"] = async (path, posted) => {
    const begin = performance.now();
    const response = await fetch(new URL(path, address), {
      headers: { authorization: `Bearer ${adminKey}`, "content-type": "application/json" },
      ...(posted === undefined ? {} : { method: "POST", body: JSON.stringify(posted) }),
    });
    const body = await response.text();
    return { milliseconds: performance.now() - begin, status: response.status, body };
  };
  return {
    ask,
    inspector: async () => await miniflare.getInspectorURL(),
    stop: async () => {
      await miniflare.dispose();
    },
  };
}
