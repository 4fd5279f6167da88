// The Worker under test: built as a deployment builds it, run by workerd over a fresh database, with the policy that the scripts
// are written for. Law: nothing of it outlives it. (Not `wrangler dev`: its proxy does not tell the Worker that a client has gone.)
import { execFileSync } from "node:child_process";
import { mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { convertV4MiniflareOptions, Miniflare } from "miniflare";
import { unstable_getMiniflareWorkerOptions } from "wrangler";
import { FORBIDDEN_ANSWER, FORBIDDEN_QUESTION } from "./scripts.ts";

export const ADMIN_KEY = "clients-admin-key-0123456789abcdef";
const root = resolve(import.meta.dirname, "..", "..");

export interface BuiltWorker {
  readonly folder: string;
  readonly remove: () => void;
}

export function buildWorker(): BuiltWorker {
  const folder = mkdtempSync(join(tmpdir(), "setback-clients-"));
  const wrangler = join(root, "node_modules", "wrangler", "bin", "wrangler.js");
  execFileSync(process.execPath, [wrangler, "deploy", "--dry-run", "--env=", "--outdir", folder], {
    cwd: root,
    env: { ...process.env, WRANGLER_SEND_METRICS: "false", CLOUDFLARE_CF_FETCH_ENABLED: "false" },
    stdio: ["ignore", "ignore", "inherit"],
  });
  return {
    folder,
    remove: () => {
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

export interface RunningGateway {
  /** `http://127.0.0.1:PORT` */
  readonly url: string;
  readonly stop: () => Promise<void>;
}

export async function startGateway(
  built: BuiltWorker,
  upstreamUrl: string,
  streamMode: string,
): Promise<RunningGateway> {
  const { workerOptions } = unstable_getMiniflareWorkerOptions(join(root, "wrangler.toml"));
  const miniflare = new Miniflare(
    convertV4MiniflareOptions({
      ...workerOptions,
      modules: [{ type: "ESModule", path: join(built.folder, "index.js") }],
      modulesRoot: built.folder,
      bindings: settings(upstreamUrl, streamMode),
      // A socket of the Worker's own: Miniflare's entry stands between a client's abort and the Worker.
      unsafeDirectSockets: [{ host: "127.0.0.1", port: 0 }],
      cf: false,
    }),
  );
  await miniflare.ready;
  await migrate(miniflare);
  const { port } = await miniflare.unsafeGetDirectURL();
  return {
    url: `http://127.0.0.1:${port}`,
    stop: async () => {
      await miniflare.dispose();
    },
  };
}

function settings(upstreamUrl: string, streamMode: string): Record<string, string> {
  return {
    SETBACK_ADMIN_KEY: ADMIN_KEY,
    SETBACK_UPSTREAM_URL: `${upstreamUrl}/v1`,
    // One upstream call a request, so that calls can be counted.
    SETBACK_UPSTREAM_ATTEMPTS: "1",
    SETBACK_POLICY: JSON.stringify({
      stream_mode: streamMode,
      operator_rules: [
        { id: "refund", phrase: FORBIDDEN_ANSWER, message: "promises a refund" },
        { id: "rules", phrase: FORBIDDEN_QUESTION, message: "asks to forget the rules", sides: ["input"] },
      ],
    }),
  };
}

async function migrate(miniflare: Miniflare): Promise<void> {
  const database = await miniflare.getD1Database("DB");
  const folder = join(root, "migrations");
  const files = readdirSync(folder).filter((name) => name.endsWith(".sql"));
  for (const name of files.toSorted()) {
    // drizzle-kit's own mark between statements.
    const statements = readFileSync(join(folder, name), "utf8").split("--> statement-breakpoint");
    await database.batch(statements.map((statement) => database.prepare(statement)));
  }
}
