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
 * Makes mistakes, each of its own words, and hands them to the consumer as the queue does: batches of 100, a few at once. Made before
 * the clock runs. Past the simulator's queue, whose own work (several JSON passes and a log line over HTTP) shares the one thread here
 * and is none of ours. Texts of syllables, since two of ordinary prose from few phrases would be near duplicates.
 */
const DRIVER = `const KEYS = 100;
const END_USERS = 1_000;
let batches = [];
function textOf(random, units) {
  let text = "";
  while (text.length < units) {
    const syllables = 1 + (random() % 4);
    for (let syllable = 0; syllable < syllables; syllable += 1)
      text += "bcdfghjklmnprstvwxyz"[random() % 20] + "aeiou"[random() % 5];
    text += " ";
  }
  return text.slice(0, units);
}
function made({ exchange, mistake, ...rest }, number) {
  let state = Math.imul(number, 0x01000193);
  // Its finaliser is MurmurHash3's: ids in a row must not make texts alike.
  const random = () => {
    state = (state + 0x9e3779b1) | 0;
    let bits = Math.imul(state ^ (state >>> 16), 0x85ebca6b);
    bits = Math.imul(bits ^ (bits >>> 13), 0xc2b2ae35);
    return (bits ^ (bits >>> 16)) >>> 0;
  };
  const { messages, answer } = exchange.inline;
  const own = (message) => ({ ...message, content: textOf(random, message.content.length) });
  const provenance = {
    ...mistake.provenance,
    keyId: "key_bench" + (number % KEYS),
    endUser: "1.endUserOfTheBenchmark" + (number % END_USERS),
  };
  return {
    ...rest,
    mistake: { ...mistake, id: "mis_bench" + String(number).padStart(12, "0"), provenance },
    exchange: { inline: { messages: messages.map(own), answer: own(answer) } },
  };
}
export default {
  async fetch(request, env) {
    const { template, count, first, lanes } = await request.json();
    if (template !== undefined) {
      const captured = JSON.parse(template);
      batches = Array.from({ length: count / 100 }, (_, batch) =>
        Array.from({ length: 100 }, (_, place) => {
          const body = made(captured, first + batch * 100 + place);
          return { id: body.mistake.id, timestamp: new Date(), attempts: 1, body };
        }),
      );
      return new Response("made");
    }
    const lane = async () => {
      for (let messages = batches.shift(); messages !== undefined; messages = batches.shift()) {
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
export { InductionWorkflow, ReleaseWorkflow } from "./index.js";
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

/** Mistakes to be made. */
export interface Made {
  readonly template: string;
  /** in hundreds */
  readonly count: number;
  /** the first id's number */
  readonly first: number;
}

export interface CaptureSystem {
  readonly system: System;
  readonly make: (made: Made) => Promise<void>;
  /** consumes what was made, so many batches at once; resolves once all of it is in D1 */
  readonly fill: (lanes: number) => Promise<void>;
  /** mistakes and recurrences of them in D1 that were captured since */
  readonly storedSince: (moment: number) => Promise<readonly StoredMistake[]>;
  readonly stored: () => Promise<StoredCounts>;
}

const storedSchema = z.object({ id: z.string(), created_at: z.number() });
type StoredMistake = z.infer<typeof storedSchema>;

/** Whoever asks the same thing again and gets the same answer makes a recurrence. */
const SEEN = `SELECT id, created_at FROM mistakes WHERE created_at >= ?1
  UNION ALL SELECT id, created_at FROM recurrences WHERE created_at >= ?1`;

/** What a whole store of mistakes is made of. */
const countsSchema = z.object({
  mistakes: z.number(),
  quarantined: z.number(),
  recurrences: z.number(),
  clusters: z.number(),
  queued: z.number(),
  categories: z.number(),
  counted: z.number(),
});
type StoredCounts = z.infer<typeof countsSchema>;

const COUNTS = `SELECT (SELECT count(*) FROM mistakes) AS mistakes,
  (SELECT count(*) FROM mistakes WHERE quarantine IS NOT NULL) AS quarantined, (SELECT count(*) FROM recurrences) AS recurrences,
  (SELECT count(*) FROM clusters) AS clusters, (SELECT count(*) FROM review_queue) AS queued,
  (SELECT count(*) FROM mistake_categories) AS categories,
  (SELECT coalesce(sum(captured), 0) FROM capture_counts WHERE subject LIKE 'user:%') AS counted`;

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
  const asked = async (what: object): Promise<void> => {
    const reply = await driver.fetch("http://driver/", { method: "POST", body: JSON.stringify(what) });
    if (!reply.ok) throw new Error(`The consumer failed: ${await reply.text()}`);
  };
  const stop = async (): Promise<void> => {
    await miniflare.dispose();
  };
  return {
    system: { name: "setback", port: Number(port), pid, headers: { authorization: `Bearer ${key}` }, stop },
    make: asked,
    fill: async (lanes) => {
      await asked({ lanes });
    },
    storedSince: async (moment) => {
      const found = await database.prepare(SEEN).bind(moment).all();
      return z.array(storedSchema).parse(found.results);
    },
    stored: async () => countsSchema.parse(await database.prepare(COUNTS).first()),
  };
}
