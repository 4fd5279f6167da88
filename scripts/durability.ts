// `npm run durability -- [--mistakes COUNT] [--seed NUMBER]`: over 100,000 accepted mistakes through the composition of production
// into real D1 and R2 while everything fails in turn. Law: seeded; at the end none lost, none twice, and all that is counted right, else exit 1.
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { type FaultRates, NO_FAULTS, seededRandom } from "../test/fakes/faults.ts";
import { faultsOfStore } from "./durability/faults-of-store.ts";
import { capturedReplySchema, consumedReplySchema, type Death, tickedReplySchema } from "./durability/protocol.ts";
import { DurableQueue } from "./durability/queue.ts";
import { Runtime } from "./durability/runtime.ts";
import { type Planned, plannedOf } from "./durability/traffic.ts";

interface Phase {
  readonly name: string;
  /** of all mistakes */
  readonly share: number;
  readonly capture: FaultRates;
  readonly consume: FaultRates;
  /** of deliveries */
  readonly deaths: number;
  /** how often each message is delivered, if it is not acknowledged */
  readonly passes: number;
  /** the runtime is killed in the middle of this many deliveries */
  readonly kills: number;
}

const BUSY = { queue: 0.05, database: 0.05, objects: 0.01, silence: 0.0005 };
const PHASES: readonly Phase[] = [
  { name: "5 % of sends fail", share: 0.905, capture: BUSY, consume: BUSY, deaths: 0.04, passes: 1, kills: 8 },
  { name: "no queue", share: 0.06, capture: { ...BUSY, queue: 1 }, consume: BUSY, deaths: 0.04, passes: 1, kills: 1 },
  {
    name: "no queue, no database",
    share: 0.025,
    capture: { ...BUSY, queue: 1, database: 1 },
    consume: BUSY,
    deaths: 0,
    passes: 1,
    kills: 1,
  },
  {
    name: "no database for the consumer",
    share: 0.01,
    capture: BUSY,
    consume: { ...BUSY, database: 1, silence: 0 },
    deaths: 0,
    passes: 14,
    kills: 0,
  },
];
const DEATHS: readonly Death[] = ["before_write", "between", "between", "after_write"];
const KILLS: readonly Death[] = ["runtime_before_write", "runtime_between", "runtime_between", "runtime_after_write"];
const AN_ORDER = 2_000;
/** deliveries at once */
const AT_ONCE = 4;
const DUPLICATES = 0.03;
/** of batches: two consumers have the same one at once */
const TWINS = 0.05;
const MOST_ROUNDS = 20_000;

const { values } = parseArgs({
  options: { mistakes: { type: "string", default: "102000" }, seed: { type: "string", default: "1" } },
});
const [wanted, seed] = [Number(values.mistakes), Number(values.seed)];
const random = seededRandom(seed);
const draw = (): number => Math.floor(random() * 2_000_000_000);
const folder = mkdtempSync(join(tmpdir(), "setback-durability-"));
const queue = new DurableQueue(random);
const runtime = new Runtime(folder, queue);
const accepted = new Set<string>();
const planned = new Map<string, Planned>();
/** what D1 itself refused, and how often */
const refusals = new Map<string, number>();
const faulted = { refused: 0, deaths: 0, batches: 0, twins: 0, ticks: 0 };
let first = 0;

async function deliver(rates: FaultRates, death: Death | null): Promise<void> {
  const batch = queue.next(DUPLICATES);
  if (batch === null) return;
  faulted.batches += 1;
  if (death !== null) faulted.deaths += 1;
  const order = { kind: "consume", rates, ...batch } as const;
  const orders = [{ ...order, seed: draw(), death }];
  if (random() < TWINS) {
    faulted.twins += 1;
    orders.push({ ...order, seed: draw(), death: null });
  }
  const replies = await Promise.all(orders.map(async (each) => await runtime.order(each)));
  const parsed = replies.map((reply) => consumedReplySchema.nullable().parse(reply));
  for (const reason of parsed.flatMap((each) => each?.refused ?? [])) {
    refusals.set(reason, (refusals.get(reason) ?? 0) + 1);
  }
  queue.settle(batch.queue, batch.messages, new Set(parsed.flatMap((each) => each?.acknowledged ?? [])));
}

async function tick(rates: FaultRates): Promise<number> {
  faulted.ticks += 1;
  const reply = await runtime.order({ kind: "tick", seed: draw(), rates });
  return tickedReplySchema.nullable().parse(reply)?.replayed ?? 0;
}

function deathOf(phase: Phase, killNow: boolean): Death | null {
  if (killNow) return KILLS[Math.floor(random() * KILLS.length)] ?? null;
  return random() < phase.deaths ? (DEATHS[Math.floor(random() * DEATHS.length)] ?? null) : null;
}

async function run(phase: Phase): Promise<void> {
  const count = Math.round(wanted * phase.share);
  const orders = Math.ceil(count / AN_ORDER);
  let kills = 0;
  for (let order = 0; order < orders; order += 1) {
    const size = Math.min(AN_ORDER, count - order * AN_ORDER);
    const reply = await runtime.order({ kind: "capture", seed: draw(), rates: phase.capture, first, count: size });
    const captured = capturedReplySchema.nullable().parse(reply);
    if (captured === null) throw new Error("capture itself failed");
    first += size;
    faulted.refused += captured.refused;
    for (const id of captured.accepted) accepted.add(id);
    for (const [id, number] of captured.offered) planned.set(id, plannedOf(number));
    const killNow = kills < phase.kills && order >= (kills * orders) / (phase.kills + 1);
    if (killNow) kills += 1;
    for (let round = 0; round < (phase.passes * AN_ORDER) / 100 / AT_ONCE && queue.waiting > 0; round += 1) {
      const mayDie = (place: number): Death | null => deathOf(phase, killNow && round === 1 && place === 0);
      await Promise.all(
        Array.from({ length: AT_ONCE }, async (_, place) => {
          await deliver(phase.consume, mayDie(place));
        }),
      );
    }
    await tick(phase.consume);
  }
  console.log(`${phase.name}: ${count} offered, ${accepted.size} accepted so far, ${queue.waiting} messages wait`);
}

try {
  await runtime.start();
  await runtime.order({ kind: "prepare", seed: draw(), rates: NO_FAULTS });
  for (const phase of PHASES) await run(phase);
  await runtime.restart();
  for (let round = 0; queue.waiting > 0 && round < MOST_ROUNDS; round += 1) {
    await Promise.all(
      Array.from({ length: AT_ONCE }, async () => {
        await deliver(NO_FAULTS, null);
      }),
    );
  }
  while ((await tick(NO_FAULTS)) > 0);
  const rows = await runtime.stored();
  const faults = faultsOfStore(rows, { accepted, planned, analysed: queue.analysed });
  const { mistakes, recurrences, clusters } = rows;
  const quarantined = mistakes.filter(({ quarantine }) => quarantine !== null).length;
  const [spooled, letters] = [await runtime.objects("spool/"), await runtime.objects("dead-letters/")];
  const left = queue.waiting + spooled.length + letters.length;
  const untold = mistakes.length + recurrences.length - accepted.size + (faults["lost"] ?? 0);
  console.log(`${first} offered, ${accepted.size} accepted, ${faulted.refused} refused by every sink (seed ${seed})`);
  console.log(
    `${faulted.batches} deliveries, ${faulted.twins} of them to two consumers at once, ${queue.duplicates} messages twice, ${queue.deadLetters} dead letters, ${faulted.ticks} ticks`,
  );
  console.log(`${faulted.deaths} consumers killed in mid-batch, ${runtime.kills} of them with the whole runtime`);
  console.log(
    `${mistakes.length} stored and ${recurrences.length} counted as recurrences, ${untold} of both though nobody was told; ${clusters.length} clusters, ${quarantined} in quarantine, ${rows.queued.length} in the review queue, ${rows.objects.length} objects`,
  );
  for (const [reason, times] of refusals) console.log(`D1 itself refused ${times} times: ${reason}`);
  console.log(`left: ${queue.waiting} in the queue, ${spooled.length} in the spool, ${letters.length} dead letters`);
  const wrong = Object.entries(faults).filter(([, count]) => count > 0);
  const good = wrong.length === 0 && left === 0;
  console.log(
    `${good ? "ok" : "FAILED"}: ${Object.entries(faults)
      .map(([name, count]) => `${count} ${name}`)
      .join(", ")}`,
  );
  if (!good) process.exitCode = 1;
} finally {
  await runtime.stop();
  rmSync(folder, { recursive: true, force: true });
}
