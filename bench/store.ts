// `npm run bench:store -- --json FILE`: the store with a million mistakes, asked every question the lists offer, on real D1.
// Law: every round asks all of them in another order; the last lines say which aims are met, a miss is exit 1.
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { cpus, tmpdir } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { judgeStore, type Answered, type Measured } from "./store/aims.ts";
import { fill } from "./store/fill.ts";
import { buildStoreWorker, databaseFile, startStoreGateway, type StoreGateway } from "./store/gateway.ts";
import { EVERY_MILLISECONDS, NEWEST } from "./store/population.ts";
import { questions } from "./store/queries.ts";
import { seeded } from "./store/random.ts";
import { sizesOf } from "./store/sizes.ts";

const USAGE = `npm run bench:store -- [options]
  --json FILE      write every figure
  --mistakes N     default 1000000
  --rounds N       how often each question is asked, default 7
  --keep           leave the database's file where it is`;

const RETENTION_BATCHES = 10;

function shuffled<Item>(items: readonly Item[], random: () => number): readonly Item[] {
  return items
    .map((item) => ({ item, place: random() }))
    .toSorted((left, right) => left.place - right.place)
    .map(({ item }) => item);
}

async function askAll(gateway: StoreGateway, many: number, rounds: number): Promise<readonly Answered[]> {
  const random = seeded(7);
  const answered = questions(many).map((question): Answered => ({ question, milliseconds: [] }));
  // The first round opens the file's pages and the Worker's code; it is not counted.
  for (let round = 0; round <= rounds; round += 1) {
    for (const { question, milliseconds } of shuffled(answered, random)) {
      const reply = await gateway.ask(question.path);
      if (reply.status !== 200) throw new Error(`${question.path}: ${reply.status} ${reply.body.slice(0, 300)}`);
      if (round > 0) milliseconds.push(reply.milliseconds);
    }
  }
  return answered;
}

/** Batches of 200, oldest first, as cron deletes them. */
async function timeRetention(gateway: StoreGateway): Promise<readonly number[]> {
  const times: number[] = [];
  for (let batch = 0; batch < RETENTION_BATCHES; batch += 1) {
    const { milliseconds, status, body } = await gateway.ask(`/bench/retention?before=${NEWEST - EVERY_MILLISECONDS}`);
    if (status !== 200 || Number(body) === 0) throw new Error(`retention deleted nothing: ${status} ${body}`);
    times.push(milliseconds);
  }
  return times;
}

async function measure(many: number, rounds: number, keep: boolean): Promise<Measured> {
  const folder = mkdtempSync(join(tmpdir(), "setback-store-"));
  try {
    const script = buildStoreWorker();
    await (await startStoreGateway(script, folder, true)).stop();
    const file = databaseFile(folder);
    const begin = performance.now();
    const bytesAMistake = fill(file, many) / many;
    const seconds = (performance.now() - begin) / 1000;
    const sizes = sizesOf(file);
    console.log(`filled in ${seconds.toFixed(0)} s`);
    const gateway = await startStoreGateway(script, folder, false);
    try {
      const answered = await askAll(gateway, many, rounds);
      return { many, seconds, bytesAMistake, answered, retention: await timeRetention(gateway), sizes };
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
      rounds: { type: "string", default: "7" },
      keep: { type: "boolean", default: false },
      help: { type: "boolean", default: false },
    },
  });
  if (values.help) {
    console.log(USAGE);
    return;
  }
  const measured = await measure(Number(values.mistakes), Number(values.rounds), values.keep);
  const lines = judgeStore(measured);
  if (values.json !== undefined) {
    const machine = { cores: cpus().length, model: cpus()[0]?.model ?? null };
    writeFileSync(values.json, `${JSON.stringify({ machine, ...measured, lines }, null, 2)}\n`);
  }
  for (const { met, text } of lines) console.log(`${met ? "met   " : "MISSED"} ${text}`);
  if (lines.some(({ met }) => !met)) process.exitCode = 1;
}

await main();
