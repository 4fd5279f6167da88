// The runtime of the durability check: workerd with D1 and R2 in a folder, killed and begun anew on the same folder.
// Law: a kill is SIGKILL, in the middle of whatever it does; the folder alone remains.
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { build } from "esbuild";
import { convertV4MiniflareOptions, Miniflare, Response } from "miniflare";
import { z } from "zod";
import { childrenNamed } from "../../bench/gateway/process-usage.ts";
import type { Order } from "./protocol.ts";

const DISPOSE_MILLISECONDS = 3_000;
const ROOT = join(import.meta.dirname, "..", "..");

export interface RuntimeQueue {
  readonly take: (name: string, bodies: readonly unknown[]) => void;
}

async function bundle(): Promise<string> {
  const built = await build({
    entryPoints: [join(ROOT, "test", "durability", "worker.ts")],
    bundle: true,
    format: "esm",
    target: "es2024",
    external: ["cloudflare:*", "node:*"],
    write: false,
    logLevel: "error",
  });
  return built.outputFiles[0]?.text ?? "";
}

export class Runtime {
  readonly #folder: string;
  readonly #queue: RuntimeQueue;
  #script = "";
  #miniflare: Miniflare | null = null;
  #pid: number | null = null;
  kills = 0;
  #restarting: Promise<void> | null = null;

  constructor(folder: string, queue: RuntimeQueue) {
    this.#folder = folder;
    this.#queue = queue;
  }

  async start(): Promise<void> {
    this.#script = await bundle();
    await this.#begin();
    const database = await this.#running().getD1Database("DB");
    const folder = join(ROOT, "migrations");
    for (const name of readdirSync(folder).filter((file) => file.endsWith(".sql"))) {
      const statements = readFileSync(join(folder, name), "utf8").split("--> statement-breakpoint");
      for (const statement of statements) if (statement.trim() !== "") await database.prepare(statement).run();
    }
  }

  async #begin(): Promise<void> {
    const before = childrenNamed("workerd");
    const miniflare = new Miniflare({
      ...convertV4MiniflareOptions({
        cf: false,
        modules: true,
        script: this.#script,
        compatibilityDate: "2026-10-01",
        compatibilityFlags: ["nodejs_compat"],
        d1Databases: ["DB"],
        r2Buckets: ["OBJECTS"],
        handleRuntimeStdio: () => undefined,
        serviceBindings: {
          QUEUE: async (request) => {
            const name = new URL(request.url).pathname.slice(1);
            if (name === "kill") this.#kill();
            else this.#queue.take(name, z.array(z.unknown()).parse(await request.json()));
            return new Response("taken");
          },
        },
      }),
      resourcePersistencePath: this.#folder,
    });
    await miniflare.ready;
    this.#pid = childrenNamed("workerd").find((each) => !before.includes(each)) ?? null;
    this.#miniflare = miniflare;
  }

  #kill(): void {
    if (this.#pid === null) throw new Error("There is no process to kill: this check needs Linux.");
    this.kills += 1;
    process.kill(this.#pid, "SIGKILL");
  }

  #running(): Miniflare {
    if (this.#miniflare === null) throw new Error("The runtime is not running.");
    return this.#miniflare;
  }

  /** null: it died of it, and is begun anew. */
  async order(order: Order): Promise<unknown> {
    const kills = this.kills;
    try {
      const reply = await this.#running().dispatchFetch("http://worker/", {
        method: "POST",
        body: JSON.stringify(order),
      });
      if (reply.ok) return await reply.json();
      await reply.text();
    } catch (caught) {
      if (this.kills === kills) throw caught;
    }
    if (this.kills > kills) {
      // One restart for all that died together.
      this.#restarting ??= this.restart();
      await this.#restarting;
      this.#restarting = null;
    }
    return null;
  }

  async restart(): Promise<void> {
    // What waits for a killed process may wait for ever.
    await Promise.race([this.stop(), sleep(DISPOSE_MILLISECONDS)]);
    await this.#begin();
  }

  /** Each row's id and request, once. */
  async stored(): Promise<readonly { readonly id: string; readonly request: string }[]> {
    const database = await this.#running().getD1Database("DB");
    const rowsSchema = z.array(z.object({ id: z.string(), request: z.string() }));
    const all: z.infer<typeof rowsSchema> = [];
    for (;;) {
      const found = await database
        .prepare("SELECT id, request_id AS request FROM mistakes WHERE id > ? ORDER BY id LIMIT 5000")
        .bind(all.at(-1)?.id ?? "")
        .all();
      const rows = rowsSchema.parse(found.results);
      if (rows.length === 0) return all;
      all.push(...rows);
    }
  }

  async left(prefix: string): Promise<number> {
    const bucket = await this.#running().getR2Bucket("OBJECTS");
    return (await bucket.list({ prefix, limit: 1000 })).objects.length;
  }

  async stop(): Promise<void> {
    await this.#miniflare?.dispose().catch(() => undefined);
  }
}
