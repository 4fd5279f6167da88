// The built Worker in Miniflare with a driver beside it that fills its capture queue. Law: real D1, R2 and queue; only the
// analyses have no consumer, since a model's time is no part of what is measured.
import { randomBytes } from "node:crypto";
import { dirname, join } from "node:path";
import { convertV4MiniflareOptions, Miniflare } from "miniflare";
import { unstable_getMiniflareWorkerOptions } from "wrangler";
import { z } from "zod";
import { childrenNamed } from "../gateway/process-usage.ts";
import type { System } from "../gateway/system.ts";
import { makeKey, migrate } from "../gateway/workers.ts";

const ROOT = join(import.meta.dirname, "..", "..");

/**
 * Hands `count` mistakes, each with an id of its own, to the consumer as the queue does: batches of 100, a few at once. Past the
 * simulator's queue, whose own work (several JSON passes and a log line over HTTP) shares the one thread here and is none of ours.
 */
const DRIVER = `export default {
  async fetch(request, env) {
    const { template, count, first, lanes } = await request.json();
    const { mistake, ...rest } = JSON.parse(template);
    let sent = 0;
    const lane = async () => {
      while (sent < count) {
        const from = first + sent;
        sent += 100;
        const messages = Array.from({ length: 100 }, (_, place) => {
          const number = String(from + place).padStart(12, "0");
          const body = { ...rest, mistake: { ...mistake, id: "mis_bench" + number } };
          return { id: number, timestamp: new Date(), attempts: 1, body };
        });
        const { outcome, ackAll, explicitAcks } = await env.SETBACK.queue("setback-captures", messages);
        if (outcome !== "ok" || !(ackAll || explicitAcks.length === 100)) throw new Error("a batch was not stored");
      }
    };
    await Promise.all(Array.from({ length: lanes }, lane));
    return new Response("stored");
  },
};`;

/** The same Worker with a capture queue elsewhere: a message is a request there, as it is in production. */
const ELSEWHERE = `import worker from "./index.js";
export { ReleaseWorkflow } from "./index.js";
let changed = null;
async function send(env, body) {
  const reply = await fetch(env.BENCH_QUEUE, { method: "POST", body: JSON.stringify(body) });
  if (!reply.ok) throw new Error("the queue refused");
  await reply.text();
}
function withQueue(env) {
  changed ??= {
    ...env,
    CAPTURE_QUEUE: { send: (message) => send(env, message), sendBatch: (messages) => send(env, messages) },
  };
  return changed;
}
export default {
  fetch: (request, env, context) => worker.fetch(request, withQueue(env), context),
  queue: (batch, env, context) => worker.queue(batch, withQueue(env), context),
};`;

export interface Fill {
  readonly template: string;
  /** in hundreds */
  readonly count: number;
  /** the first id's number */
  readonly first: number;
  /** batches at once */
  readonly lanes: number;
}

export interface CaptureSystem {
  readonly system: System;
  /** resolves once all of it is in D1 */
  readonly fill: (fill: Fill) => Promise<void>;
  /** mistakes in D1 that were captured since */
  readonly storedSince: (moment: number) => Promise<readonly StoredMistake[]>;
  readonly count: () => Promise<number>;
}

const storedSchema = z.object({ id: z.string(), created_at: z.number() });
type StoredMistake = z.infer<typeof storedSchema>;

const variablesSchema = z.record(z.string(), z.json());

export interface CaptureSystemOptions {
  readonly script: string;
  readonly modelPort: number;
  readonly policy: object;
  /** of a queue elsewhere; null: the simulator's, which works in the gateway's own thread, and so does its consumer */
  readonly queuePort: number | null;
}

export async function startCaptureSystem(options: CaptureSystemOptions): Promise<CaptureSystem> {
  const { workerOptions } = unstable_getMiniflareWorkerOptions(join(ROOT, "wrangler.toml"));
  const adminKey = randomBytes(24).toString("base64url");
  const consumers = Object.entries(z.record(z.string(), z.looseObject({})).parse(workerOptions.queueConsumers));
  const consumed = consumers.filter(([queue]) => queue !== "setback-analyses");
  const [built, entry] = [
    { type: "ESModule" as const, path: options.script },
    join(dirname(options.script), "bench.js"),
  ];
  const before = childrenNamed("workerd");
  const miniflare = new Miniflare(
    convertV4MiniflareOptions({
      cf: false,
      workers: [
        {
          ...workerOptions,
          name: "setback",
          unsafeDirectSockets: [{ host: "127.0.0.1", port: 0 }],
          queueConsumers: Object.fromEntries(consumed),
          modules:
            options.queuePort === null ? [built] : [{ type: "ESModule", path: entry, contents: ELSEWHERE }, built],
          modulesRoot: dirname(options.script),
          bindings: {
            ...variablesSchema.parse(workerOptions.bindings),
            SETBACK_ADMIN_KEY: adminKey,
            SETBACK_UPSTREAM_URL: `http://127.0.0.1:${options.modelPort}/v1`,
            SETBACK_POLICY: JSON.stringify(options.policy),
            ...(options.queuePort === null ? {} : { BENCH_QUEUE: `http://127.0.0.1:${options.queuePort}/` }),
          },
        },
        {
          name: "driver",
          modules: true,
          script: DRIVER,
          compatibilityDate: "2026-10-01",
          // what the simulated queue itself reaches a consumer by
          compatibilityFlags: ["service_binding_extra_handlers"],
          serviceBindings: { SETBACK: "setback" },
        },
      ],
    }),
  );
  await miniflare.ready;
  const pid = childrenNamed("workerd").find((each) => !before.includes(each)) ?? null;
  await migrate(miniflare);
  const { port } = await miniflare.unsafeGetDirectURL("setback");
  const database = await miniflare.getD1Database("DB", "setback");
  const driver = await miniflare.getWorker("driver");
  const key = await makeKey(Number(port), adminKey);
  const stop = async (): Promise<void> => {
    await miniflare.dispose();
  };
  return {
    system: { name: "setback", port: Number(port), pid, headers: { authorization: `Bearer ${key}` }, stop },
    fill: async (fill) => {
      const reply = await driver.fetch("http://driver/", { method: "POST", body: JSON.stringify(fill) });
      if (!reply.ok) throw new Error(`The consumer failed: ${await reply.text()}`);
    },
    storedSince: async (moment) => {
      const found = await database
        .prepare("SELECT id, created_at FROM mistakes WHERE created_at >= ?")
        .bind(moment)
        .all();
      return z.array(storedSchema).parse(found.results);
    },
    count: async () => z.number().parse(await database.prepare("SELECT count(*) AS n FROM mistakes").first("n")),
  };
}
