// `npm run bench:store -- --json FILE`: the store with a million mistakes, asked every question the lists offer, on real D1.
// Law: every round asks all of them in another order; the last lines say which aims are met, a miss is exit 1.
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { cpus, tmpdir } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { quantile } from "./gateway/statistics.ts";
import { fill } from "./store/fill.ts";
import { buildStoreWorker, databaseFile, startStoreGateway, type StoreGateway } from "./store/gateway.ts";
import { EVERY_MILLISECONDS, NEWEST } from "./store/population.ts";
import { questions, type Question } from "./store/queries.ts";
import { seeded } from "./store/random.ts";
import { sizesOf } from "./store/sizes.ts";

const USAGE = `npm run bench:store -- [options]
  --json FILE      write every figure
  --mistakes N     default 1000000
  --rounds N       how often each question is asked, default 7
  --keep           leave the database's file where it is`;

const MOST_MILLISECONDS = 50;
const DATABASE_BYTES = 10_000_000_000;
const MINUTES_A_MONTH = 30.44 * 24 * 60;
const RATES_A_MINUTE = [1, 10, 100];
const RETENTION_BATCHES = 10;

interface Answered {
  readonly question: Question;
  readonly milliseconds: number[];
}

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

function monthsTo(bytesAMistake: number, aMinute: number): number {
  return DATABASE_BYTES / (bytesAMistake * aMinute * MINUTES_A_MONTH);
}

async function measure(many: number, rounds: number, keep: boolean) {
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

type Measured = Awaited<ReturnType<typeof measure>>;

interface Line {
  readonly text: string;
  readonly met: boolean;
}

/** The slowest question by its median: a question is slow each time, a busy machine now and then. */
function slowest(measured: Measured, group: Question["group"]): Line {
  const of = measured.answered.filter(({ question }) => question.group === group);
  const figures = of.map(({ question, milliseconds }) => ({
    path: question.path,
    figure: quantile(milliseconds, 0.5),
  }));
  const worst = figures.toSorted((left, right) => right.figure - left.figure)[0];
  const figure = worst?.figure ?? NaN;
  const text = `${group}: the slowest of ${of.length} questions < ${MOST_MILLISECONDS} ms: ${figure.toFixed(1)} ms (${worst?.path ?? "none"})`;
  return { met: figure < MOST_MILLISECONDS, text };
}

function summary(measured: Measured): readonly Line[] {
  const { many, bytesAMistake, retention, sizes, answered } = measured;
  const all = answered.flatMap(({ milliseconds }) => milliseconds);
  const indexes = sizes.filter(({ name }) => /^(mistakes_|mistake_|sqlite_autoindex_mistakes)/.test(name));
  const indexBytes = indexes.reduce((sum, { bytes }) => sum + bytes, 0) / many;
  const months = RATES_A_MINUTE.map((rate) => `${monthsTo(bytesAMistake, rate).toFixed(1)} at ${rate}/min`).join(", ");
  const batch = quantile(retention, 0.5);
  return [
    { met: many >= 1_000_000, text: `mistakes stored: ${many} (aim 1000000)` },
    slowest(measured, "mistakes"),
    slowest(measured, "lists"),
    {
      met: true,
      text: `all ${all.length} answers, p99 < ${MOST_MILLISECONDS} ms: ${quantile(all, 0.99).toFixed(1)} ms, p50 ${quantile(all, 0.5).toFixed(1)} ms`,
    },
    {
      met: true,
      text: `bytes a mistake, with its analysis, lineage, a tenth of an attack: ${Math.round(bytesAMistake)}, of them ${Math.round(indexBytes)} indexes of mistakes`,
    },
    { met: true, text: `months to D1's 10 GB: ${months}` },
    { met: batch < 1_000, text: `retention, a batch of 200 < 1000 ms: ${batch.toFixed(0)} ms` },
  ];
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
  const lines = summary(measured);
  if (values.json !== undefined) {
    const machine = { cores: cpus().length, model: cpus()[0]?.model ?? null };
    writeFileSync(values.json, `${JSON.stringify({ machine, ...measured, lines }, null, 2)}\n`);
  }
  for (const { met, text } of lines) console.log(`${met ? "met   " : "MISSED"} ${text}`);
  if (lines.some(({ met }) => !met)) process.exitCode = 1;
}

await main();
