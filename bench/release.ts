// `npm run bench:release -- --json FILE`: a million mistakes into one release, by the real Workflow on real D1 and R2.
// Law: the last lines say which aims are met, a miss is exit 1; every file is read back.
import { createHash } from "node:crypto";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { cpus, tmpdir } from "node:os";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { parseArgs } from "node:util";
import { z } from "zod";
import { judgeRelease, type ReleaseMeasured } from "./release/aims.ts";
import { fillForRelease } from "./release/fill.ts";
import { watchHeap } from "./release/heap-watch.ts";
import { buildStoreWorker, databaseFile, startStoreGateway, type StoreGateway } from "./store/gateway.ts";

const USAGE = `npm run bench:release -- [options]
  --json FILE      write every figure
  --mistakes N     default 1000000; fewer are judged by their share of the time
  --formats LIST   with commas, default openai_chat
  --keep           leave the database and the files where they are`;

const MOST_MINUTES = 30;
const SETTLED_A_STEP = 10_000;

const releaseSchema = z.object({
  id: z.string(),
  status: z.string(),
  failure: z.string().nullable(),
  counts: z.record(z.string(), z.number()),
  files: z.array(z.object({ name: z.string(), bytes: z.number(), sha256: z.string(), rows: z.number() })),
});
const lineageSchema = z.object({ lineage: z.array(z.object({ mistake_id: z.string().optional(), type: z.string() })) });
const stateSchema = z.object({ id: z.string(), status: z.string() });
const countSchema = z.object({ count: z.number() });

async function ask(gateway: StoreGateway, path: string, body?: object): Promise<string> {
  const reply = await gateway.ask(path, body);
  if (reply.status >= 300) throw new Error(`${path}: ${reply.status} ${reply.body.slice(0, 300)}`);
  return reply.body;
}

type Release = z.infer<typeof releaseSchema>;

/** The newest one, from the file: a Worker on its own machine answers nobody while it builds as fast as it can. */
function newestRelease(file: string): { readonly id: string; readonly status: string } | null {
  const database = new DatabaseSync(file, { readOnly: true });
  try {
    const row = database.prepare("SELECT id, status FROM releases ORDER BY id DESC LIMIT 1").get();
    return row === undefined ? null : stateSchema.parse({ ...row });
  } finally {
    database.close();
  }
}

async function make(gateway: StoreGateway, file: string, formats: readonly string[]): Promise<Release> {
  ask(gateway, "/v1/releases", { formats }).catch(() => undefined);
  for (const begun = performance.now(); performance.now() - begun < MOST_MINUTES * 60_000;) {
    await new Promise((resolve) => setTimeout(resolve, 500));
    const found = newestRelease(file);
    if (found === null || found.status === "building") continue;
    return releaseSchema.parse(JSON.parse(await ask(gateway, `/v1/releases/${found.id}`)));
  }
  throw new Error(`the release took longer than ${MOST_MINUTES} minutes`);
}

/** Reads every file back. */
async function audit(
  gateway: StoreGateway,
  release: Release,
): Promise<Pick<ReleaseMeasured, "duplicates" | "badFiles" | "lineage" | "bytes">> {
  const seen = new Set<string>();
  const sums = { duplicates: 0, badFiles: 0, lineage: 0, bytes: 0 };
  for (const file of release.files) {
    const text = await ask(gateway, `/v1/releases/${release.id}/files/${file.name}`);
    sums.bytes += file.bytes;
    const rows = file.name.endsWith(".jsonl") ? text.split("\n").length - 1 : file.rows;
    if (createHash("sha256").update(text).digest("hex") !== file.sha256 || rows !== file.rows) sums.badFiles += 1;
    if (!file.name.startsWith("lineage-") && file.name !== "manifest.json") continue;
    for (const { mistake_id: id, type } of lineageSchema.parse(JSON.parse(text)).lineage) {
      sums.lineage += 1;
      if (id === undefined) continue;
      const key = `${id} ${type}`;
      if (seen.has(key)) sums.duplicates += 1;
      seen.add(key);
    }
  }
  return sums;
}

function releasedIn(file: string): number {
  const database = new DatabaseSync(file, { readOnly: true });
  try {
    const row = database.prepare("SELECT count(*) AS count FROM mistakes WHERE state = 'released'").get();
    return countSchema.parse({ ...row }).count;
  } finally {
    database.close();
  }
}

/** Until the last mistake is settled, which is behind the moment at which the release is ready. */
async function settled(file: string, many: number): Promise<number> {
  let released = releasedIn(file);
  for (let tried = 0; released < many && tried < 120; tried += 1) {
    await new Promise((resolve) => setTimeout(resolve, 1_000));
    const now = releasedIn(file);
    if (now === released && tried > 10) break;
    released = now;
  }
  return released;
}

async function measure(many: number, formats: readonly string[], keep: boolean): Promise<ReleaseMeasured> {
  const folder = mkdtempSync(join(tmpdir(), "setback-release-"));
  try {
    const script = buildStoreWorker();
    await (await startStoreGateway(script, folder, true)).stop();
    const file = databaseFile(folder);
    fillForRelease(file, many);
    const gateway = await startStoreGateway(script, folder, false);
    try {
      await ask(gateway, "/health");
      const heap = await watchHeap(await gateway.inspector());
      const begun = performance.now();
      const release = await make(gateway, file, formats);
      const released = await settled(file, many);
      const seconds = (performance.now() - begun) / 1000;
      heap.stop();
      const parts = new Set(release.files.flatMap(({ name }) => /-(\d{5})\.jsonl$/.exec(name)?.[1] ?? [])).size + 1;
      return {
        ...{ mistakes: many, status: release.status, failure: release.failure, seconds, peakBytes: heap.peakBytes() },
        ...{ counts: release.counts, parts, steps: parts + 2 + Math.ceil(many / SETTLED_A_STEP) + 1, released },
        ...(await audit(gateway, release)),
      };
    } finally {
      await gateway.stop();
    }
  } finally {
    if (keep) console.log(`the database: ${folder}`);
    else rmSync(folder, { recursive: true, force: true });
  }
}

async function main(): Promise<void> {
  const { values } = parseArgs({
    options: {
      json: { type: "string" },
      mistakes: { type: "string", default: "1000000" },
      formats: { type: "string", default: "openai_chat" },
      keep: { type: "boolean", default: false },
      help: { type: "boolean", default: false },
    },
  });
  if (values.help) {
    console.log(USAGE);
    return;
  }
  const many = Number(values.mistakes);
  const measured = await measure(many, values.formats.split(","), values.keep);
  const lines = judgeRelease(measured, many);
  if (values.json !== undefined) {
    const machine = { cores: cpus().length, model: cpus()[0]?.model ?? null };
    writeFileSync(values.json, `${JSON.stringify({ machine, ...measured, lines }, null, 2)}\n`);
  }
  for (const { met, text } of lines) console.log(`${met ? "met   " : "MISSED"} ${text}`);
  if (lines.some(({ met }) => !met)) process.exitCode = 1;
}

await main();
