// The runtime of the durability check: workerd with D1 and R2 in a folder, killed and begun anew on the same folder.
// Law: a kill is SIGKILL, in the middle of whatever it does; the folder alone remains.
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { build } from "esbuild";
import { convertV4MiniflareOptions, Miniflare, Response } from "miniflare";
import { z } from "zod";
import { childrenNamed } from "../../bench/gateway/process-usage.ts";
import type { StoredRows } from "./faults-of-store.ts";
import type { Order } from "./protocol.ts";

const DISPOSE_MILLISECONDS = 3_000;
const ROOT = join(import.meta.dirname, "..", "..");

const mistakeSchema = z.object({
  id: z.string(),
  clusterId: z.string().nullable(),
  quarantine: z.string().nullable(),
  objectKey: z.string().nullable(),
  createdAt: z.int(),
});
const recurrenceSchema = z.object({ id: z.string(), mistakeId: z.string(), createdAt: z.int() });
const clusterSchema = z.object({ id: z.string(), size: z.int() });
const countSchema = z.object({
  projectId: z.string(),
  subject: z.string(),
  lengthMinutes: z.int(),
  startMinute: z.int(),
  captured: z.int(),
});
const queuedSchema = z.object({ mistakeId: z.string(), reason: z.string() });

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

  async stored(): Promise<StoredRows> {
    return {
      mistakes: await this.#rows(
        "mistakes",
        "id, cluster_id AS clusterId, quarantine, exchange_key AS objectKey, created_at AS createdAt",
        mistakeSchema,
      ),
      recurrences: await this.#rows(
        "recurrences",
        "id, mistake_id AS mistakeId, created_at AS createdAt",
        recurrenceSchema,
      ),
      clusters: await this.#rows("clusters", "id, size", clusterSchema),
      counts: await this.#rows(
        "capture_counts",
        "project_id AS projectId, subject, length_minutes AS lengthMinutes, start_minute AS startMinute, captured",
        countSchema,
      ),
      queued: await this.#rows("review_queue", "mistake_id AS mistakeId, reason", queuedSchema),
      objects: await this.objects("projects/"),
    };
  }

  async #rows<Row>(table: string, columns: string, schema: z.ZodType<Row>): Promise<readonly Row[]> {
    const database = await this.#running().getD1Database("DB");
    const pageSchema = z.array(z.looseObject({ place: z.int() }));
    const all: Row[] = [];
    for (let after = 0; ;) {
      const { results } = await database
        .prepare(`SELECT rowid AS place, ${columns} FROM ${table} WHERE rowid > ? ORDER BY rowid LIMIT 5000`)
        .bind(after)
        .all();
      const page = pageSchema.parse(results);
      const last = page.at(-1);
      if (last === undefined) return all;
      all.push(...z.array(schema).parse(page));
      after = last.place;
    }
  }

  /** The keys with this beginning. */
  async objects(prefix: string): Promise<readonly string[]> {
    const bucket = await this.#running().getR2Bucket("OBJECTS");
    const keys: string[] = [];
    for (let cursor: string | undefined; ;) {
      const page = await bucket.list({ prefix, ...(cursor === undefined ? {} : { cursor }) });
      keys.push(...page.objects.map(({ key }) => key));
      if (!page.truncated) return keys;
      cursor = page.cursor;
    }
  }

  async stop(): Promise<void> {
    await this.#miniflare?.dispose().catch(() => undefined);
  }
}
